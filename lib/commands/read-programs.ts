import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Programs } from '../build-site';

/** Reads the programs that objects carry, from beside the code that puts them there. */
export function readPrograms(): Programs {
  const file = path.join(__dirname, '..', 'jupyterhub', 'jupyterhub_config.py');
  return { hub: readFileSync(file, 'utf8') };
}
