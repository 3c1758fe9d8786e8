import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { z } from 'zod';
import { ARGOCD } from './lib/argocd/release';
import { RELEASE as CERT_MANAGER } from './lib/cert-manager/release';
import { readPrograms } from './lib/commands/read-programs';
import { KEDA, PROMETHEUS_OPERATOR } from './lib/htcondor/release';
import { RELEASE as LONGHORN } from './lib/longhorn/release';
import { parseSite } from './lib/site/parse';
import { problemText } from './lib/site/problem';
import { synthesise } from './lib/synthesise';

/** Facts that must stand in two files, because a person or another program reads the second. */

const read = (file: string) => readFileSync(path.join(__dirname, file), 'utf8');
const sites = readdirSync(path.join(__dirname, 'sites'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test('definitions are imported from the commits that Argo CD applies', () => {
  const Sources = z.record(
    z.string(),
    z.object({ version: z.string(), commit: z.string().optional(), sum: z.string().optional() }),
  );
  const all = Sources.parse(JSON.parse(read('imports/sources.json')));
  const { [`keda-${KEDA.version}.yaml`]: keda, ...sources } = all;
  // Its definitions are the cluster's: only what the classes are made of is pinned.
  expect(keda).toEqual({ version: KEDA.version, sum: expect.stringMatching(/^h1:.{43}=$/) as string });
  const releases = {
    'argo-cd': ARGOCD,
    'cert-manager': CERT_MANAGER,
    longhorn: LONGHORN,
    'prometheus-operator': PROMETHEUS_OPERATOR,
  };
  for (const [name, { version, commit }] of Object.entries(releases)) {
    expect(sources[`${name}-${version}.yaml`]).toEqual({ version, commit });
  }
  expect(Object.keys(sources)).toHaveLength(Object.keys(releases).length);
});

test('the admin guide installs the KEDA that the pool is tried with', () => {
  expect(read('docs/admin/scaling.md')).toContain(
    `v${KEDA.version.slice(1)}/keda-${KEDA.version.slice(1)}.yaml`,
  );
});

test('the admin guide installs the Argo CD that the objects are written for', () => {
  const guide = read('docs/admin/install.md');
  expect(guide).toContain(`/${ARGOCD.commit}/manifests/install.yaml`);
  expect(guide).toContain(`Argo CD ${ARGOCD.version}`);
});

test('the admin guide says of every component when it comes up', () => {
  const guide = read('docs/admin/install.md');
  const applications = sites.flatMap((site) =>
    readdirSync(path.join(__dirname, 'dist', site, 'argocd'))
      .filter((file) => file.startsWith('application.') && file !== 'application.root.yaml')
      .map((file) => `dist/${site}/argocd/${file}`),
  );
  expect(applications.length).toBeGreaterThan(20);
  for (const file of applications) {
    const [, name = ''] = /application\.(.+)\.yaml$/.exec(file) ?? [];
    const [, wave = ''] = /argocd\.argoproj\.io\/sync-wave: '(.+)'/.exec(read(file)) ?? [];
    const row = guide.split('\n').find((line) => line.startsWith(`| ${wave} |`)) ?? '';
    expect({ file, row: row.includes(`\`${name}\``) }).toEqual({ file, row: true });
  }
});

test.each(sites)('the people of %s review its changes', (name) => {
  const file = `sites/${name}/site.yaml`;
  const parsed = parseSite({ file, folder: name, bytes: readFileSync(path.join(__dirname, file)) });
  if (!('site' in parsed)) throw new Error(`${file} has mistakes`);
  const owners = read('.github/CODEOWNERS')
    .split('\n')
    .filter((line) => line.startsWith(`/sites/${name}/`) || line.startsWith(`/dist/${name}/`));
  expect(owners).toHaveLength(2);
  for (const owner of owners)
    for (const admin of parsed.site.site.contacts.admins) expect(owner).toContain(admin);
});

test.each(sites)('the first line of %s tells the editor where the schema is', (name) => {
  expect(read(`sites/${name}/site.yaml`).split('\n')[0]).toBe(
    '# yaml-language-server: $schema=../site.schema.json',
  );
});

const forSuites = readdirSync(path.join(__dirname, 'e2e', 'sites'));
test.each(forSuites)('the site %s, which suites play, follows every rule', (name) => {
  const file = `e2e/sites/${name}/site.yaml`;
  const parsed = parseSite({ file, folder: name, bytes: readFileSync(path.join(__dirname, file)) });
  if (!('site' in parsed)) throw new Error(parsed.problems.map(problemText).join('\n'));
  expect(synthesise(parsed.site, readPrograms()).checks.flatMap(({ findings }) => findings)).toEqual([]);
});

test('workflows pin every action by its commit and may only read', () => {
  for (const file of readdirSync(path.join(__dirname, '.github', 'workflows'))) {
    const workflow = read(`.github/workflows/${file}`);
    for (const [, action = ''] of workflow.matchAll(/uses: (.+)/g))
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(YAML.parse(workflow)).toMatchObject({ permissions: { contents: 'read' } });
  }
});

test('every dependency is pinned to one version', () => {
  const Package = z.object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  });
  const { dependencies, devDependencies } = Package.parse(JSON.parse(read('package.json')));
  for (const version of [...Object.values(dependencies), ...Object.values(devDependencies)])
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

/** Pages that people read: those at the top, and all below docs and .github. */
const pages = [
  ...readdirSync(__dirname),
  ...['docs', '.github'].flatMap((folder) =>
    readdirSync(path.join(__dirname, folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${folder}/${file}`,
    ),
  ),
].filter((file) => file.endsWith('.md'));

/** What GitHub makes of a heading. */
const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.join(path.dirname(page), file);
    expect({ link, there: existsSync(path.join(__dirname, target)) }).toEqual({ link, there: true });
    if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
  }
});

test('the mistake that the README shows is what an admin sees', () => {
  const text = read('sites/single-node/site.yaml')
    .replace('name: single-node', 'name: mysite')
    .replace('count: 1', 'count: "1"');
  const file = 'sites/mysite/site.yaml';
  const parsed = parseSite({ file, folder: 'mysite', bytes: new TextEncoder().encode(text) });
  const problems = 'problems' in parsed ? parsed.problems.map(problemText) : [];
  expect(problems).toHaveLength(1);
  expect(read('README.md')).toContain(problems[0]);
});
