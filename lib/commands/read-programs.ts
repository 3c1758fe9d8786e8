import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Programs } from '../build-site';

/** Reads the programs that objects carry, from beside the code that puts them there. */
export function readPrograms(): Programs {
  const beside = path.join(__dirname, '..');
  const exporter = path.join(beside, 'htcondor', 'exporter');
  const files = readdirSync(exporter)
    .filter((file) => file.endsWith('.py'))
    .sort();
  return {
    hub: readFileSync(path.join(beside, 'jupyterhub', 'jupyterhub_config.py'), 'utf8'),
    exporter: Object.fromEntries(
      files.map((file) => [file, readFileSync(path.join(exporter, file), 'utf8')]),
    ),
  };
}
