import path from 'node:path';
import { compare, foldersWithoutSite, removeFolders, write } from '../dist/write';
import { warnings } from '../site/warnings';
import { count, loadSites } from './load-sites';
import { refusedLines } from './impact-lines';
import { leftInCluster } from './left-in-cluster';
import type { ExitCode, Terminal } from './terminal';

/**
 * Writes dist of the sites that are asked for, or of all.
 *
 * Nothing is written unless every site is right. Without names, folders of sites that are gone are removed as well.
 */
export function synth(root: string, asked: readonly string[], terminal: Terminal): ExitCode {
  const loaded = loadSites(root, asked, terminal);
  if (typeof loaded === 'number') return loaded;
  const dist = path.join(root, 'dist');
  loaded.sites.forEach((site, index) => {
    terminal.progress(`writing ${String(index + 1)}/${String(loaded.sites.length)} ${site.name}`);
    const folder = path.join(dist, site.name);
    const announced = [
      ...refusedLines(folder, site.files, compare(folder, site.files)),
      ...leftInCluster(folder, site.files),
    ];
    const { added, changed, removed } = write(folder, site.files);
    terminal.progress('');
    terminal.say(
      `dist/${site.name}: ${count(site.files.size, 'file')}, ${String(added.length)} added, ${String(changed.length)} changed, ${String(removed.length)} removed`,
    );
    for (const line of announced) terminal.say(`  ${line}`);
    for (const warning of warnings(site.site)) terminal.say(`  warning  ${warning}`);
  });
  if (asked.length === 0) removeGone(dist, loaded.all, terminal);
  return 0;
}

function removeGone(dist: string, sites: readonly string[], terminal: Terminal): void {
  const gone = foldersWithoutSite(dist, sites);
  removeFolders(dist, gone);
  for (const name of gone) terminal.say(`dist/${name}: removed, because sites/${name} is gone`);
}
