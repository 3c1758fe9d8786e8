import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RELEASE } from '../../../lib/jupyterhub/release';
import { cacheFolder } from '../../cluster/cache';

const ROOT = path.join(__dirname, '..', '..', '..');
const REQUIREMENTS = path.join(__dirname, 'requirements.txt');
const OLDEST = '3.10';

/** Runs a program at the root of the repository; what it says is seen. */
export function run(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): void {
  const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...variables };
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: environment });
  if (status !== 0)
    throw new Error(
      `${path.basename(command)} ${args.join(' ')}: ${error?.message ?? `exit ${String(status)}`}`,
    );
}

/**
 * An environment with exactly the packages of the list, from PyPI into a folder of the cache, once for each list. Gives
 * the path of a program of it.
 */
export function environment(): (program: string) => string {
  const list = readFileSync(REQUIREMENTS, 'utf8');
  for (const [name, version] of Object.entries(RELEASE.packages))
    if (!list.includes(`\n${name}==${version}\n`))
      throw new Error(`${REQUIREMENTS}: ${name} is not ${version}, as the hub's image has it`);
  const hash = createHash('sha256').update(list).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder('python'), hash);
  const program = (name: string) => path.join(folder, 'bin', name);
  // Written last: an environment that was interrupted is made again.
  const stamp = path.join(folder, '.complete');
  if (!existsSync(stamp)) {
    rmSync(folder, { recursive: true, force: true });
    run('python3', [
      '-c',
      `import sys; sys.exit(sys.version_info < (${OLDEST.replace('.', ', ')}) and "needs Python ${OLDEST}")`,
    ]);
    run('python3', ['-m', 'venv', folder]);
    run(program('pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS]);
    writeFileSync(stamp, '');
  }
  return program;
}

/** Runs a script of this folder; gives what it writes. */
export function pythonOf([script = '', ...args]: readonly string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(
    environment()('python'),
    [path.join(__dirname, script), ...args],
    {
      cwd: ROOT,
      encoding: 'utf8',
      input,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      maxBuffer: 2 ** 26,
    },
  );
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
  return stdout;
}
