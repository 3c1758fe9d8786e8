import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../site/nearest';
import { parseSite } from '../site/parse';
import { problemText, type Problem } from '../site/problem';
import type { Site } from '../site/schema';
import { synthesise, type Synthesis } from '../synthesise';
import { readPrograms } from './read-programs';
import type { ExitCode, Terminal } from './terminal';

/** A site with everything that follows from it. */
export interface LoadedSite extends Synthesis {
  readonly name: string;
  readonly site: Site;
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
  const folder = path.join(root, 'sites');
  const all = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
  if (all.length === 0) {
    terminal.complain(`${folder}: there is no site here. A site is a folder with a site.yaml in it.`);
    return 2;
  }
  const unknown = asked.filter((name) => !all.includes(name));
  for (const name of unknown) {
    const meant = nearest(name, all);
    terminal.complain(
      `There is no site ${name}${meant === undefined ? '' : `; did you mean ${meant}?`} Sites: ${all.join(', ')}.`,
    );
  }
  if (unknown.length > 0) return 2;
  const names = asked.length === 0 ? all : all.filter((name) => asked.includes(name));
  const sites = loadAll(root, names, terminal);
  return sites ? { all, sites } : 1;
}

function loadAll(root: string, names: readonly string[], terminal: Terminal): LoadedSite[] | undefined {
  const loaded: LoadedSite[] = [];
  const complaints: string[] = [];
  const programs = readPrograms();
  let [problems, wrong] = [0, 0];
  const refuse = (texts: readonly string[]) => {
    complaints.push(...texts);
    problems += texts.length;
    wrong += 1;
  };
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
    else loaded.push({ name, site: result.site, ...synthesis });
  });
  terminal.progress('');
  if (complaints.length === 0) return loaded;
  for (const complaint of complaints) terminal.complain(complaint);
  terminal.complain(
    `${count(problems, 'problem')} in ${String(wrong)} of ${count(names.length, 'site')}. Nothing was written.`,
  );
  return undefined;
}

function readSite(
  root: string,
  name: string,
): { readonly site: Site } | { readonly problems: readonly Problem[] } {
  const relative = `sites/${name}/site.yaml`;
  const file = path.join(root, relative);
  if (existsSync(file)) return parseSite({ file: relative, folder: name, bytes: readFileSync(file) });
  const fix = { kind: 'line', line: 1, text: 'schemaVersion: 1' } as const;
  const [expected, got] = ['a site.yaml in each folder of sites/', 'a folder without one'];
  return {
    problems: [{ rule: 'AF-SITE-02', file: relative, line: 1, column: 1, path: [], expected, got, fix }],
  };
}

export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}
