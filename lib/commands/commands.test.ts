import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles } from '../dist/write';
import { check } from './check';
import { reference } from './reference';
import { synth } from './synth';

const FIXTURES = path.join(__dirname, '..', 'site', 'fixtures', 'good');
const text = readFileSync(path.join(FIXTURES, 'full.yaml'), 'utf8');

let root: string;
let said: string[];
const terminal = {
  say: (line: string) => said.push(line),
  complain: (line: string) => said.push(line),
  progress: () => undefined,
};

function putSite(name: string, change: (text: string) => string = (same) => same): void {
  mkdirSync(path.join(root, 'sites', name), { recursive: true });
  writeFileSync(
    path.join(root, 'sites', name, 'site.yaml'),
    change(text.replace(/^( {2}name: ).*$/m, `$1${name}`)),
  );
}

const distOf = (name: string) => listFiles(path.join(root, 'dist', name)).sort();
const bytes = () =>
  listFiles(path.join(root, 'dist'))
    .sort()
    .map((file) => [file, readFileSync(path.join(root, 'dist', file), 'utf8')]);

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'repository-'));
  said = [];
  putSite('one');
  putSite('two');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test('every site is written, and a second run writes nothing', () => {
  expect(synth(root, [], terminal)).toBe(0);
  const first = bytes();
  said = [];
  expect(synth(root, [], terminal)).toBe(0);
  expect(said).toEqual([
    expect.stringMatching(/^dist\/one: \d+ files, 0 added, 0 changed, 0 removed$/),
    expect.stringContaining('0 added, 0 changed, 0 removed'),
  ]);
  expect(bytes()).toEqual(first);
});

test('two sites that differ in their name differ in nothing else', () => {
  synth(root, [], terminal);
  expect(distOf('one')).toEqual(distOf('two'));
  for (const file of distOf('one')) {
    const [one, two] = ['one', 'two'].map((name) =>
      readFileSync(path.join(root, 'dist', name, file), 'utf8'),
    );
    expect(one?.replaceAll(/\b(dist\/|sites\/|site: )one\b/g, '$1two')).toBe(two);
  }
});

test('a mistake in one site keeps every site from being written', () => {
  synth(root, [], terminal);
  const before = bytes();
  putSite('two', (same) =>
    same.replace('stage: production', 'stage: productive').replace('revision: ', 'revison: '),
  );
  putSite('one', (same) => same.replace('displayName: ', 'displayName: Changed '));
  said = [];
  expect(synth(root, [], terminal)).toBe(1);
  expect(bytes()).toEqual(before);
  expect(said.join('\n')).toContain('sites/two/site.yaml:');
  expect(said.at(-1)).toMatch(/^\d problems? in 1 of 2 sites\. Nothing was written\.$/);
});

test('only the site that is asked for is written', () => {
  expect(synth(root, ['two'], terminal)).toBe(0);
  expect(distOf('one')).toEqual([]);
  expect(distOf('two').length).toBeGreaterThan(50);
});

test('the dist of a site that is gone goes with the full run only', () => {
  synth(root, [], terminal);
  rmSync(path.join(root, 'sites', 'one'), { recursive: true });
  synth(root, ['two'], terminal);
  expect(distOf('one')).not.toEqual([]);
  synth(root, [], terminal);
  expect(distOf('one')).toEqual([]);
});

test('a site that does not exist is a wrong use, with the one that was meant', () => {
  expect(synth(root, ['twoo'], terminal)).toBe(2);
  expect(said).toEqual(['There is no site "twoo". Did you mean two? Sites: one, two.']);
});

test('a repository without sites removes nothing', () => {
  synth(root, [], terminal);
  rmSync(path.join(root, 'sites'), { recursive: true });
  expect(synth(root, [], terminal)).toBe(2);
  expect(distOf('one')).not.toEqual([]);
});

test('a folder without site.yaml is a problem with its place', () => {
  mkdirSync(path.join(root, 'sites', 'three'));
  expect(synth(root, [], terminal)).toBe(1);
  expect(said.join('\n')).toContain('sites/three/site.yaml:1:1');
});

test('check is clean after synth, and names each file that differs afterwards', () => {
  synth(root, [], terminal);
  reference(root, [], terminal);
  expect(check(root, [], terminal)).toBe(0);
  writeFileSync(
    path.join(root, 'dist', 'one', 'longhorn', 'service.longhorn-backend.yaml'),
    'edited by hand',
  );
  rmSync(path.join(root, 'dist', 'two', 'longhorn', 'service.longhorn-backend.yaml'));
  writeFileSync(path.join(root, 'dist', 'two', 'longhorn', 'stray.yaml'), '');
  said = [];
  expect(check(root, [], terminal)).toBe(1);
  expect(said).toEqual(
    expect.arrayContaining([
      '  changed  longhorn/service.longhorn-backend.yaml',
      '  added    longhorn/service.longhorn-backend.yaml',
      '  deleted  longhorn/stray.yaml (the object stays in the cluster until you delete it: docs/admin/remove-component.md)',
    ]),
  );
});

test('check names the dist of a site that is gone', () => {
  synth(root, [], terminal);
  rmSync(path.join(root, 'sites', 'one'), { recursive: true });
  said = [];
  expect(check(root, [], terminal)).toBe(1);
  expect(said.join('\n')).toContain('one: there is no such site any more');
});

test('check says when a reference page is stale', () => {
  synth(root, [], terminal);
  reference(root, [], terminal);
  writeFileSync(path.join(root, 'sites', 'site.schema.json'), '{}');
  said = [];
  expect(check(root, [], terminal)).toBe(1);
  expect(said.join('\n')).toContain('sites/site.schema.json is not what the schema gives');
});

test('check prints for each check how many objects it looked at', () => {
  synth(root, [], terminal);
  said = [];
  check(root, [], terminal);
  expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^ {2}AF-SEC-40 +\d{3} +\d{3} {2}/)]));
});

test('check compares with the dist of another state of the repository', () => {
  synth(root, [], terminal);
  cpSync(path.join(root, 'dist'), path.join(root, 'base'), { recursive: true });
  putSite('two', (same) => same.replace('displayName: ', 'displayName: Changed '));
  said = [];
  expect(check(root, ['--dist', 'base'], terminal)).toBe(1);
  const changed = said.filter((line) => line.startsWith('  changed'));
  // The hub calls the facility by its name, too.
  const named = /argocd\/appproject\.|jupyterhub\/(?:configmap|deployment)\.hub\./;
  expect(changed.filter((line) => !named.test(line))).toEqual([]);
  expect(changed).toHaveLength(6);
  expect(check(root, ['--dist'], terminal)).toBe(2);
});

test('a component that leaves is announced: a stateless one is deleted, one with data stays', () => {
  synth(root, [], terminal);
  putSite('two', (same) =>
    same.replace(/^(?:storage|certificates|htcondor|jupyterhub|dask|spark):\n(?:(?: .*|#.*)?\n)*/gm, ''),
  );
  said = [];
  check(root, ['two'], terminal);
  expect(said).toEqual(
    expect.arrayContaining([
      '  component cert-manager leaves: Argo CD deletes its objects',
      '  component longhorn leaves: it holds data, so Argo CD leaves its objects in the cluster (docs/admin/remove-component.md)',
    ]),
  );
  expect(said.filter((line) => line.includes('when you confirm it'))).toEqual([]);
});

test('what the API server will refuse, and what restarts, is announced', () => {
  synth(root, [], terminal);
  cpSync(path.join(root, 'dist'), path.join(root, 'base'), { recursive: true });
  putSite('two', (same) =>
    same
      .replace(/spool: \{ class: rwo, size: \w+ \}/, 'spool: { class: rwo, size: 999Gi }')
      .replace('displayName: ', 'displayName: Changed '),
  );
  const refused = expect.stringMatching(
    /^ {2}refused {2}StatefulSet htcondor\/access-point-ap1: spec\.volumeClaimTemplates\[0\]\.spec\.resources\.requests\.storage from \w+ to 999Gi \(docs\/admin\/change-a-site\.md#what-the-api-server-refuses\)$/,
  ) as string;
  said = [];
  check(root, ['two', '--dist', 'base'], terminal);
  expect(said).toEqual(
    expect.arrayContaining([
      refused,
      '  restarts Deployment jupyterhub/hub: its pod ends before the new one starts',
    ]),
  );
  said = [];
  expect(synth(root, ['two'], terminal)).toBe(0);
  expect(said).toEqual(expect.arrayContaining([refused]));
  said = [];
  synth(root, ['two'], terminal);
  expect(said.filter((line) => line.includes('refused'))).toEqual([]);
});

test('access points that exchange their ports are announced as refused', () => {
  synth(root, [], terminal);
  const exchanged: Readonly<Record<string, string>> = { 31618: '31619', 31619: '31618' };
  putSite('two', (same) => same.replace(/3161[89]/g, (port) => exchanged[port] ?? ''));
  said = [];
  check(root, ['two'], terminal);
  const guide = '(docs/admin/change-a-site.md#what-the-api-server-refuses)';
  expect(said.filter((line) => line.startsWith('  refused'))).toEqual([
    `  refused  Service htcondor/access-point-ap1-external: spec.ports[0].nodePort from 31618 to 31619, which Service htcondor/access-point-ap2-external still has ${guide}`,
    `  refused  Service htcondor/access-point-ap2-external: spec.ports[0].nodePort from 31619 to 31618, which Service htcondor/access-point-ap1-external still has ${guide}`,
  ]);
});

test('an access point under another name is announced: its queue stays behind, and its port is not free yet', () => {
  synth(root, [], terminal);
  putSite('two', (same) => same.replaceAll('ap1', 'ap9'));
  said = [];
  check(root, ['two'], terminal);
  expect(said).toEqual(
    expect.arrayContaining([
      '  added    htcondor/statefulset.access-point-ap9.yaml',
      '  deleted  htcondor/statefulset.access-point-ap1.yaml (when you confirm it in Argo CD, which applies nothing more of htcondor until then; claim spool-access-point-ap1-0 stays with its data: docs/admin/remove-component.md)',
      '  deleted  htcondor/service.access-point-ap1.yaml',
      '  refused  Service htcondor/access-point-ap9-external: spec.ports[0].nodePort from nothing to 31618, which Service htcondor/access-point-ap1-external still has (docs/admin/change-a-site.md#what-the-api-server-refuses)',
    ]),
  );
});

describe('what stands in sites/', () => {
  const complaint = () => said.join('\n');

  test.each([
    [
      'a file beside the folders',
      'three.yaml',
      'mkdir -p sites/three && mv sites/three.yaml sites/three/site.yaml',
    ],
    ['a site file with another ending', 'three/site.yml', 'mv sites/three/site.yml sites/three/site.yaml'],
    ['a folder without a site file', 'three/notes.txt', 'write sites/three/site.yaml, or remove the folder'],
    ['a folder instead of the site file', 'three/site.yaml/x', 'replace sites/three/site.yaml by a file'],
  ])('%s is said, and nothing is written', (_, file, fix) => {
    mkdirSync(path.dirname(path.join(root, 'sites', file)), { recursive: true });
    writeFileSync(path.join(root, 'sites', file), text);
    expect(synth(root, [], terminal)).toBe(1);
    expect(complaint()).toContain(`fix       ${fix}\n`);
    expect(complaint()).toContain('1 problem in 1 of 3 sites. Nothing was written.');
    expect(bytes()).toEqual([]);
  });

  test('a link to a site is said, because nobody would read it', () => {
    symlinkSync('one', path.join(root, 'sites', 'three'));
    expect(check(root, [], terminal)).toBe(1);
    expect(complaint()).toContain('got       a link');
  });

  test('the schema and hidden files are no sites', () => {
    writeFileSync(path.join(root, 'sites', 'site.schema.json'), '{}');
    writeFileSync(path.join(root, 'sites', '.keep'), '');
    expect(synth(root, [], terminal)).toBe(0);
  });
});

test('wrong usage is told apart from wrong sites', () => {
  expect(synth(root, ['--force'], terminal)).toBe(2);
  expect(synth(root, ['on'], terminal)).toBe(2);
  expect(check(root, ['--dist', 'nowhere'], terminal)).toBe(2);
  expect(reference(root, ['one'], terminal)).toBe(2);
  expect(said).toEqual([
    'There is no option "--force". Sites: one, two.',
    'There is no site "on". Did you mean one? Sites: one, two.',
    'check: there is no folder nowhere',
    'reference takes no arguments; got one',
  ]);
});
