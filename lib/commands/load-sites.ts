import path from 'node:path';
import { nearest } from '../site/nearest';
import type { CaCertificate } from '../site/pool-ca';
import { problemText, type Problem } from '../site/problem';
import type { Site } from '../site/schema';
import { synthesise, type Synthesis } from '../synthesise';
import { readSite, siteNames, strays } from './read-site';
import { readPrograms } from './read-programs';
import type { ExitCode, Terminal } from './terminal';

/** A site with everything that follows from it. */
export interface LoadedSite extends Synthesis {
  readonly name: string;
  readonly site: Site;
  /** What clients outside trust. @default no file of the site says so */
  readonly poolCa?: readonly CaCertificate[];
}

export interface LoadedSites {
  /** Every site there is, asked for or not. */
  readonly all: readonly string[];
  readonly sites: readonly LoadedSite[];
}

/**
 * Reads, parses, builds and checks the sites that are asked for, or all of them.
 *
 * Whatever is wrong with any of them is said, all of it, and the exit code is given instead.
 */
export function loadSites(
  root: string,
  asked: readonly string[],
  terminal: Terminal,
): LoadedSites | ExitCode {
  const all = siteNames(root);
  if (all.length === 0) {
    terminal.complain(
      `${path.join(root, 'sites')}: there is no site here. A site is a folder with a site.yaml in it.`,
    );
    return 2;
  }
  const unknown = asked.filter((name) => !all.includes(name));
  for (const name of unknown) {
    const meant = nearest(name, all);
    const what = name.startsWith('-') ? 'option' : 'site';
    terminal.complain(
      `There is no ${what} ${JSON.stringify(name)}.${meant === undefined ? '' : ` Did you mean ${meant}?`} Sites: ${all.join(', ')}.`,
    );
  }
  if (unknown.length > 0) return 2;
  const names = asked.length === 0 ? all : all.filter((name) => asked.includes(name));
  const sites = loadAll(root, names, asked.length === 0 ? strays(root) : [], terminal);
  return sites ? { all, sites } : 1;
}

function loadAll(
  root: string,
  names: readonly string[],
  beside: readonly Problem[],
  terminal: Terminal,
): LoadedSite[] | undefined {
  const loaded: LoadedSite[] = [];
  const complaints: string[] = [];
  const programs = readPrograms();
  let [problems, wrong] = [0, 0];
  const refuse = (texts: readonly string[]) => {
    complaints.push(...texts);
    problems += texts.length;
    wrong += 1;
  };
  for (const problem of beside) refuse([problemText(problem)]);
  names.forEach((name, index) => {
    terminal.progress(`${String(index + 1)}/${String(names.length)} ${name}`);
    const result = readSite(root, name);
    if ('problems' in result) {
      refuse(result.problems.map(problemText));
      return;
    }
    const synthesis = synthesise(result.site, programs);
    const findings = synthesis.checks.flatMap((check) => check.findings);
    if (findings.length > 0) refuse(findings.map((finding) => `dist/${name}  ${finding}\n`));
    else loaded.push({ name, ...result, ...synthesis });
  });
  terminal.progress('');
  if (complaints.length === 0) return loaded;
  for (const complaint of complaints) terminal.complain(complaint);
  terminal.complain(
    `${count(problems, 'problem')} in ${String(wrong)} of ${count(names.length + beside.length, 'site')}. Nothing was written.`,
  );
  return undefined;
}

export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
