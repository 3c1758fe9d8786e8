/**
 * `npm run jupyterhub:python`: lints the hub's own code and tries it, with the packages of the hub's image.
 *
 * The packages come from PyPI into a folder of the cache, once for each list of them.
 */
import path from 'node:path';
import { environment, run } from './environment';

try {
  const program = environment();
  const config = ['--config', path.join(__dirname, 'pyproject.toml')];
  const code = ['lib/jupyterhub', 'e2e/jupyterhub/python'];
  run(program('ruff'), ['check', '--no-cache', ...config, ...code]);
  run(program('ruff'), ['format', '--check', '--no-cache', ...config, ...code]);
  run(program('pytest'), ['--rootdir', __dirname, '-c', path.join(__dirname, 'pyproject.toml'), __dirname]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
