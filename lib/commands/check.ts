import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CHECKS, NOT_CHECKED } from '../checks';
import { compare, foldersWithoutSite, type Difference } from '../dist/write';
import { sayBytes } from '../kubernetes/quantity';
import { referenceFiles } from '../reference/reference-files';
import { storagePlan } from '../site/storage-plan';
import { warnings } from '../site/warnings';
import { refusedLines, restartLines } from './impact-lines';
import { keptOf, leftInCluster } from './left-in-cluster';
import { count, loadSites, type LoadedSite } from './load-sites';
import type { ExitCode, Terminal } from './terminal';

/** Compares what the sites give with dist, or with another folder like it, and says what each check looked at. */
export function check(root: string, args: readonly string[], terminal: Terminal): ExitCode {
  const at = args.indexOf('--dist');
  const against = at < 0 ? undefined : args[at + 1];
  if (at >= 0 && against === undefined) {
    terminal.complain('check: --dist needs a folder');
    return 2;
  }
  if (against !== undefined && !existsSync(path.resolve(root, against))) {
    terminal.complain(`check: there is no folder ${against}`);
    return 2;
  }
  const asked = at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 2)];
  const loaded = loadSites(root, asked, terminal);
  if (typeof loaded === 'number') return loaded;

  sayChecks(loaded.sites, terminal);
  const dist = against === undefined ? path.join(root, 'dist') : path.resolve(root, against);
  let differing = 0;
  for (const site of loaded.sites) {
    const folder = path.join(dist, site.name);
    const difference = compare(folder, site.files);
    const files = difference.added.length + difference.changed.length + difference.removed.length;
    const lines = [
      ...differenceLines(difference, (file) => keptOf(file, folder, site.files)),
      ...refusedLines(folder, site.files, difference),
      ...restartLines(folder, site.files, difference),
      ...leftInCluster(folder, site.files),
    ];
    if (files > 0) differing += 1;
    terminal.say(
      `${site.name}: ${lines.length === 0 ? `${count(site.files.size, 'file')}, none differs` : `${count(files, 'file')} ${differ(files)}`}`,
    );
    for (const line of lines) terminal.say(`  ${line}`);
    saySite(site, terminal);
  }
  const gone = asked.length === 0 ? foldersWithoutSite(dist, loaded.all) : [];
  for (const name of gone)
    terminal.say(
      `${name}: there is no such site any more; its folder goes, and all of it stays in the cluster`,
    );
  differing += gone.length;
  const stale = against === undefined && asked.length === 0 ? staleReference(root) : [];
  for (const file of stale) terminal.complain(`${file} is not what the schema gives. Run: npm run reference`);
  if (differing === 0) return stale.length === 0 ? 0 : 1;
  terminal.complain(
    `\n${count(differing, 'site')} of ${String(loaded.sites.length + gone.length)} ${differ(differing)} from ${against ?? 'dist'}. ${against === undefined ? 'Run: npm run synth' : ''}`.trimEnd(),
  );
  return 1;
}

const differ = (number: number) => (number === 1 ? 'differs' : 'differ');

function staleReference(root: string): string[] {
  return [...referenceFiles()].flatMap(([file, text]) => {
    const at = path.join(root, file);
    return existsSync(at) && readFileSync(at, 'utf8') === text ? [] : [file];
  });
}

function differenceLines({ added, changed, removed }: Difference, kept: (file: string) => string): string[] {
  return [
    ...added.map((file) => `added    ${file}`),
    ...changed.map((file) => `changed  ${file}`),
    ...removed.map((file) => `deleted  ${file}${kept(file)}`),
  ];
}

function sayChecks(sites: readonly LoadedSite[], terminal: Terminal): void {
  terminal.say(`Objects looked at by each check, per site: ${sites.map(({ name }) => name).join(', ')}`);
  CHECKS.forEach((each, index) => {
    const looked = sites.map((site) => String(site.checks[index]?.looked ?? 0).padStart(5)).join('');
    terminal.say(`  ${each.id.padEnd(11)}${looked}  ${each.why}`);
  });
  for (const [id, reason] of Object.entries(NOT_CHECKED))
    terminal.say(`  ${id.padEnd(11)}${'    –'.repeat(sites.length)}  ${reason}`);
  terminal.say('');
}

/** Bytes that change a day, as a share of what is stored: a guess from home directories, to plan a bucket with. */
const CHANGED_PER_DAY = 0.05;

function saySite({ site, neededSecrets }: LoadedSite, terminal: Terminal): void {
  for (const warning of warnings(site)) terminal.say(`  warning  ${warning}`);
  for (const { namespace, name, keys, purpose } of neededSecrets) {
    terminal.say(`  needs    Secret ${namespace}/${name} with ${keys.join(', ')}. ${purpose}`);
  }
  if (!site.storage) return;
  const plan = storagePlan(site);
  terminal.say(
    `  storage  ${sayBytes(plan.promised)} planned, replicas included, of ${sayBytes(plan.promisable)} that ${count(plan.nodes, 'node')} may promise`,
  );
  for (const job of site.storage.longhorn.backup?.jobs ?? []) {
    if (!job.task.startsWith('backup')) continue;
    const classes = site.storage.longhorn.classes
      .filter((each) => each.backup.includes(job.name))
      .map(({ name }) => name);
    const stored = plan.volumes
      .filter((volume) => classes.includes(volume.class))
      .reduce((sum, volume) => sum + volume.bytes * volume.count, 0);
    terminal.say(
      `  backup   job ${job.name} keeps ${String(job.retain)} of ${sayBytes(stored)}: up to ${sayBytes(stored * (1 + job.retain * CHANGED_PER_DAY))} in the target, if volumes are full and ${String(CHANGED_PER_DAY * 100)} % changes between runs`,
    );
  }
}
