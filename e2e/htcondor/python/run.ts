/**
 * `npm run htcondor:python`: lints the exporter of the pool and tries it, with nothing but Python itself.
 */
import path from 'node:path';
import { environment, run } from '../../jupyterhub/python/environment';

const PROGRAM = 'lib/htcondor/exporter';

try {
  const ruff = environment()('ruff');
  const config = ['--config', path.join(__dirname, 'pyproject.toml')];
  const code = [PROGRAM, 'e2e/htcondor/python'];
  run(ruff, ['check', '--no-cache', ...config, ...code]);
  run(ruff, ['format', '--check', '--no-cache', ...config, ...code]);
  run('python3', ['-m', 'unittest', 'discover', '--start-directory', __dirname], { PYTHONPATH: PROGRAM });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
