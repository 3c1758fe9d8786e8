import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles } from '../dist/write';
import { check } from './check';
import { clientKit } from './client-kit';
import { synth } from './synth';

const FIXTURES = path.join(__dirname, '..', 'site', 'fixtures');
const NOW = '2026-12-01T00:00:00.000Z';

let root: string;
let said: string[];
const terminal = {
  say: (line: string) => said.push(line),
  complain: (line: string) => said.push(line),
  progress: () => undefined,
};
const run = (...args: string[]) => clientKit(root, args, terminal, NOW);
const at = (...steps: string[]) => path.join(root, ...steps);
const commitCa = (name = 'root') => {
  cpSync(path.join(FIXTURES, 'pool-ca', `${name}.crt`), at('sites', 'full', 'pool-ca.crt'));
};
const bytes = (folder: string) =>
  listFiles(at(folder)).map((file) => [file, readFileSync(at(folder, file), 'utf8')]);

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'repository-'));
  said = [];
  mkdirSync(at('sites', 'full'), { recursive: true });
  const text = readFileSync(path.join(FIXTURES, 'good', 'full.yaml'), 'utf8');
  writeFileSync(at('sites', 'full', 'site.yaml'), text);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test('with the CA beside the site the kit is whole, and a second run gives the same', () => {
  commitCa();
  expect(run('full')).toBe(0);
  const first = bytes('client-kit/full');
  expect(first.map(([file]) => file).sort()).toEqual([
    'README.md',
    'ca.crt',
    'condor_config',
    'env-ap2.sh',
    'env.sh',
    'example/pi.sh',
    'example/pi.sub',
  ]);
  expect(said).toEqual(
    expect.arrayContaining([
      '  access point ap1 at htc.af.pg.example.org:31618',
      '  access point ap2 at htc.af.pg.example.org:31619',
      expect.stringMatching(
        /^ {2}trusts CN=PG1 AF pool CA, valid from .* until .*, SHA-256 ([0-9A-F]{2}:){31}/,
      ),
    ]),
  );
  expect(run('full')).toBe(0);
  expect(bytes('client-kit/full')).toEqual(first);
});

test('without the CA the command that fetches it is said, and the exit code is not that of a whole kit', () => {
  expect(run('full', '--out', 'kit')).toBe(1);
  expect(said.at(-1)).toContain(
    "kubectl --namespace=cert-manager get secret pool-ca-key-pair --output=jsonpath='{.data.tls\\.crt}' | base64 -d > sites/full/pool-ca.crt",
  );
  expect(readFileSync(at('kit', 'README.md'), 'utf8')).toContain('| base64 -d > ca.crt');
  expect(existsSync(at('kit', 'ca.crt'))).toBe(false);
});

test('what the user has put into the folder stays; what an earlier kit has left goes', () => {
  commitCa();
  run('full', '--out', 'kit');
  writeFileSync(at('kit', 'example', 'pi.0.txt'), '3.14');
  const site = readFileSync(at('sites', 'full', 'site.yaml'), 'utf8');
  writeFileSync(at('sites', 'full', 'site.yaml'), site.replace(/^.*name: ap2.*\n/m, ''));
  expect(run('full', '--out', 'kit')).toBe(0);
  const files = listFiles(at('kit'));
  expect(files).toContain('example/pi.0.txt');
  expect(files).not.toContain('env-ap2.sh');
});

test.each([
  ['of somebody else', 'mine', 'mine/notes.txt'],
  ['that is a file', 'mine', 'mine'],
  ['of dist', 'dist/full/kit', 'dist/full/notes.txt'],
  ['of the sites', 'sites/full', 'sites/full/notes.txt'],
])('a folder %s is not written to', (_, out, file) => {
  commitCa();
  mkdirSync(path.dirname(at(file)), { recursive: true });
  writeFileSync(at(file), '');
  const before = bytes('.');
  expect(run('full', '--out', out)).toBe(1);
  expect(said).toEqual([expect.stringContaining('--out.'), '1 problem. Nothing was written.']);
  expect(bytes('.')).toEqual(before);
});

test.each(['dist/kit', 'sites/kit'])('nor is a new folder made in %s, where others look', (out) => {
  commitCa();
  expect(run('full', '--out', out)).toBe(1);
  expect(said).toEqual([expect.stringContaining('--out.'), '1 problem. Nothing was written.']);
  expect(existsSync(at(out))).toBe(false);
});

test('a kit of another site is not written over', () => {
  commitCa();
  run('full', '--out', 'kit');
  cpSync(at('sites', 'full'), at('sites', 'other'), { recursive: true });
  const site = readFileSync(at('sites', 'other', 'site.yaml'), 'utf8');
  writeFileSync(at('sites', 'other', 'site.yaml'), site.replace(/^( {2}name: )full/m, '$1other'));
  expect(run('other', '--out', 'kit')).toBe(1);
  expect(said.join('\n')).toContain('is no client kit of other');
});

test('everything that is wrong is said at once, and nothing is written', () => {
  commitCa();
  mkdirSync(at('mine'));
  writeFileSync(at('mine', 'notes.txt'), '');
  expect(clientKit(root, ['full', '--out', 'mine'], terminal, '2050-01-01T00:00:00Z')).toBe(1);
  expect(said).toEqual([
    expect.stringMatching(
      /^sites\/full\/pool-ca\.crt: the certificate of CN=PG1 AF pool CA has ended on 2046-/,
    ),
    expect.stringMatching(/^mine: holds notes\.txt/),
    '2 problems. Nothing was written.',
  ]);
  expect(listFiles(at('mine'))).toEqual(['notes.txt']);
});

test('a wrong CA is a problem of the site, for every command', () => {
  commitCa('other');
  for (const command of [synth, check]) expect(command(root, ['full'], terminal)).toBe(1);
  expect(run('full')).toBe(1);
  expect(said.filter((text) => text.includes('sites/full/pool-ca.crt:1:1  (AF-CM-63)'))).toHaveLength(3);
  expect(existsSync(at('dist'))).toBe(false);
  expect(existsSync(at('client-kit'))).toBe(false);
});

test('mistakes of site.yaml and of the CA are said together', () => {
  commitCa('server');
  const site = readFileSync(at('sites', 'full', 'site.yaml'), 'utf8');
  writeFileSync(at('sites', 'full', 'site.yaml'), site.replace(/stage: \w+/, 'stage: productive'));
  expect(run('full')).toBe(1);
  expect(said.join('\n')).toMatch(/stage[^]*pool-ca\.crt/);
  expect(said.at(-1)).toBe('2 problems in 1 of 1 site. Nothing was written.');
});

test('a site without a way in has no kit', () => {
  const site = readFileSync(at('sites', 'full', 'site.yaml'), 'utf8');
  writeFileSync(at('sites', 'full', 'site.yaml'), site.replace(/^(?:htcondor|dask):\n(?: .*\n)+/gm, ''));
  expect(run('full')).toBe(1);
  expect(said).toEqual([
    'sites/full/site.yaml: the site has no section htcondor, so there is no pool to be a client of.',
    '1 problem. Nothing was written.',
  ]);
});

test('wrong usage is told apart', () => {
  expect(run()).toBe(2);
  expect(run('full', 'full')).toBe(2);
  expect(run('full', '--out')).toBe(2);
  expect(run('ful')).toBe(2);
  expect(run('--force')).toBe(2);
  const usage = 'Usage: npm run client-kit -- <site> [--out <folder>]';
  expect(said).toEqual([
    usage,
    usage,
    usage,
    'There is no site "ful". Did you mean full? Sites: full.',
    'There is no option "--force". Sites: full.',
  ]);
});
