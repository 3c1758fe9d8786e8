import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPrograms } from './lib/commands/read-programs';
import { listFiles } from './lib/dist/write';
import { parseSite } from './lib/site/parse';
import { synthesise } from './lib/synthesise';

const FIXTURES = path.join(__dirname, 'lib', 'site', 'fixtures', 'good');
const fixtures = readdirSync(FIXTURES).filter((file) => file.endsWith('.yaml'));

function filesOf(fixture: string): ReadonlyMap<string, string> {
  const parsed = parseSite({
    file: fixture,
    folder: path.basename(fixture, '.yaml'),
    bytes: readFileSync(path.join(FIXTURES, fixture)),
  });
  if (!('site' in parsed)) throw new Error(`${fixture} has mistakes`);
  return synthesise(parsed.site, readPrograms()).files;
}

describe.each(fixtures)('%s', (fixture) => {
  const files = filesOf(fixture);
  const components = [...new Set([...files.keys()].map((file) => file.split('/')[0] ?? ''))].sort();

  test.each(components)('%s', (component) => {
    const own = [...files]
      .filter(([file]) => file.startsWith(`${component}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    expect(own.map(([file, text]) => `--- ${file}\n${text}`).join('')).toMatchSnapshot();
  });
});

describe('the program', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'program-'));
    for (const fixture of fixtures) {
      const folder = path.join(root, 'sites', path.basename(fixture, '.yaml'));
      mkdirSync(folder, { recursive: true });
      cpSync(path.join(FIXTURES, fixture), path.join(folder, 'site.yaml'));
    }
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string => {
    const program = [
      path.join(__dirname, 'node_modules', 'ts-node', 'dist', 'bin.js'),
      path.join(__dirname, 'main.ts'),
      ...args,
    ];
    return execFileSync(process.execPath, program, {
      cwd: root,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  const bytes = () =>
    listFiles(path.join(root, 'dist'))
      .sort()
      .map((file) => [file, readFileSync(path.join(root, 'dist', file), 'utf8')]);

  test('gives the same bytes in any time zone and locale, and all of them again after dist is lost', () => {
    run([], { TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' });
    const first = bytes();
    rmSync(path.join(root, 'dist'), { recursive: true });
    run([], { TZ: 'America/Los_Angeles', LC_ALL: 'C', LANG: 'C', COLUMNS: '20' });
    expect(bytes()).toEqual(first);
    expect(first.length).toBeGreaterThan(150);
  });

  test('says which commands there are when it does not know one', () => {
    expect(() => run(['sinth'])).toThrow(/There is no command sinth\.\n\nnpm run synth \[-- <site>…\]/);
  });
});
