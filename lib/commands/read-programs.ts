import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Programs } from '../build-site';

/** Reads the programs that objects carry, from beside the code that puts them there. */
export function readPrograms(): Programs {
  const read = (name: string) => readFileSync(path.join(__dirname, '..', 'jupyterhub', name), 'utf8');
  return {
    hub: {
      config: read('jupyterhub_config.py'),
      tokens: read('notebook_tokens.py'),
      start: read('start_notebook.py'),
      examples: { jobs: read('jobs.ipynb'), dask: read('dask.ipynb') },
    },
  };
}
