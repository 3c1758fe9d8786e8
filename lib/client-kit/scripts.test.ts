import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clientKit } from './client-kit';
import { ca, full, propsOf, real } from './client-kit.fixture';

/** Where shells are, on every machine alike. */
const PATH = '/usr/local/bin:/usr/bin:/bin';

describe('env.sh', () => {
  let folder: string;
  const shell = (program: string, script: string, env: Record<string, string> = {}) =>
    spawnSync(program, ['-euc', script], {
      cwd: path.dirname(folder),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME: '/home/alice', ...env },
    });

  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), 'kit-')), 'a kit');
    for (const [file, text] of clientKit(propsOf(full(), ca))) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
  });
  afterEach(() => {
    rmSync(path.dirname(folder), { recursive: true });
  });

  const PRINT = 'echo "$CONDOR_CONFIG|$BEARER_TOKEN_FILE|${_condor_SCHEDD_HOST:-}"';

  test('finds its own folder from wherever it is sourced', () => {
    const env = { _condor_SCHEDD_HOST: 'elsewhere', CDPATH: '/' };
    const { status, stdout, stderr } = shell('bash', `source '${folder}/env.sh'; ${PRINT}`, env);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${folder}/condor_config|/home/alice/.full.token|\n`);
  });

  test('keeps the token where the session keeps such things', () => {
    const { stdout } = shell('bash', `source '${folder}/env.sh'; ${PRINT}`, { XDG_RUNTIME_DIR: folder });
    expect(stdout).toContain(`|${folder}/full.token|`);
  });

  test('of another access point names that one, and the first again afterwards', () => {
    const { stdout } = shell(
      'bash',
      `source '${folder}/env-ap2.sh'; ${PRINT}; source '${folder}/env.sh'; ${PRINT}`,
    );
    expect(stdout.split('\n').map((line) => line.split('|')[2])).toEqual([
      'htc.af.pg.example.org:31619',
      '',
      undefined,
    ]);
  });

  test('works in a plain shell from its own folder, and says so elsewhere', () => {
    expect(shell('sh', `cd '${folder}'; . ./env.sh; ${PRINT}`).stdout).toContain(`${folder}/condor_config|`);
    const elsewhere = shell('sh', `. '${folder}/env.sh'`);
    expect(elsewhere.status).not.toBe(0);
    expect(elsewhere.stderr).toContain('from its own folder');
  });

  test('refuses to begin without the CA', () => {
    rmSync(path.join(folder, 'ca.crt'));
    const { status, stderr } = shell('bash', `source '${folder}/env.sh'`);
    expect([status, stderr]).toEqual([1, expect.stringContaining('ca.crt is missing')]);
  });

  test('warns of a token that would be used instead', () => {
    const { status, stderr } = shell('bash', `source '${folder}/env.sh'`, { BEARER_TOKEN: 'ey' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('BEARER_TOKEN is set')]);
  });
});

test('the command for a token, as the page has it, leaves it to nobody else and asks for all that jobs need', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'token-'));
  const agent = path.join(folder, 'oidc-token');
  writeFileSync(agent, '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  chmodSync(agent, 0o755);
  const readme = clientKit(propsOf(full(), ca)).get('README.md') ?? '';
  const [command = ''] = /^\(.*oidc-token .*$/m.exec(readme) ?? [];
  const token = path.join(folder, 'token');
  const env = { PATH: `${folder}:${PATH}`, BEARER_TOKEN_FILE: token };
  execFileSync('sh', ['-euc', `umask 022; ${command}`], { env });
  const [mode, given] = [statSync(token).mode & 0o777, readFileSync(token, 'utf8').trim().split('\n')];
  rmSync(folder, { recursive: true });
  expect(mode).toBe(0o600);
  expect(given).toEqual([
    '--aud=af.pg.example.org',
    // READ is allowed by the first, WRITE by the three others together.
    '--scope=compute.read compute.create compute.modify compute.cancel',
    'full-cms',
  ]);
});

test('the script of the example reckons π, another value for each job', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pi-'));
  const script = path.join(folder, 'pi.sh');
  writeFileSync(script, clientKit(propsOf(real('single-node'))).get('example/pi.sh') ?? '');
  const values = ['0', '1', '2'].map((seed) => {
    execFileSync('sh', [script, seed, '200000'], { cwd: folder });
    return Number(readFileSync(path.join(folder, `pi.${seed}.txt`), 'utf8'));
  });
  rmSync(folder, { recursive: true });
  for (const value of values) expect(Math.abs(value - Math.PI)).toBeLessThan(0.03);
  expect(new Set(values).size).toBe(3);
});
