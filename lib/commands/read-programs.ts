import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Programs } from '../build-site';

/** Reads the programs that objects carry, from beside the code that puts them there. */
export function readPrograms(): Programs {
  const read = (...file: string[]) => readFileSync(path.join(__dirname, '..', ...file), 'utf8');
  const ofHub = (file: string) => read('jupyterhub', file);
  const ofExporter = readdirSync(path.join(__dirname, '..', 'htcondor', 'exporter'))
    .filter((file) => file.endsWith('.py'))
    .sort();
  return {
    hub: {
      config: ofHub('jupyterhub_config.py'),
      tokens: ofHub('notebook_tokens.py'),
      page: ofHub('page.html'),
      start: ofHub('start_notebook.py'),
      examples: { jobs: ofHub('jobs.ipynb'), dask: ofHub('dask.ipynb') },
    },
    exporter: Object.fromEntries(ofExporter.map((file) => [file, read('htcondor', 'exporter', file)])),
  };
}
