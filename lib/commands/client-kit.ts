import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { clientKit as kitFiles } from '../client-kit/client-kit';
import { CA_FILE, caCommand, generatedBy, type ClientKitProps } from '../client-kit/props';
import type { Files } from '../dist/render';
import { listFiles, writeWhole } from '../dist/write';
import { clientKitProps } from '../site-props/client-kit';
import { POOL_CA } from '../site/pool-ca';
import { count, loadSites } from './load-sites';
import type { ExitCode, Terminal } from './terminal';

/**
 * Writes a folder with all that a user outside of the cluster needs for a site's pool.
 *
 * While the certificate of the site's CA is missing the exit code is 1, so that nobody hands on what does not work.
 *
 * @param now moment of the run, `2026-11-25T01:26:00Z`: a CA that has ended is refused
 */
export function clientKit(root: string, args: readonly string[], terminal: Terminal, now: string): ExitCode {
  const at = args.indexOf('--out');
  const names = at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 2)];
  const [name] = names;
  const out = at < 0 ? `client-kit/${name ?? ''}` : args[at + 1];
  if (name === undefined || names.length > 1 || out === undefined) {
    terminal.complain('Usage: npm run client-kit -- <site> [--out <folder>]');
    return 2;
  }
  const loaded = loadSites(root, names, terminal);
  const folder = path.resolve(root, out);
  const taken = loaded === 2 ? [] : objections(root, folder, out, name);
  const [site] = typeof loaded === 'number' ? [] : loaded.sites;
  const props = site && clientKitProps(site.site, site.poolCa);
  const problems = [
    ...(props && 'reason' in props ? [`sites/${name}/site.yaml: the site ${props.reason}.`] : []),
    ...(props && 'trust' in props ? ended(props, now) : []),
    ...taken,
  ];
  for (const problem of problems) terminal.complain(problem);
  if (!props || 'reason' in props || problems.length > 0) {
    if (problems.length > 0) terminal.complain(`${count(problems.length, 'problem')}. Nothing was written.`);
    return typeof loaded === 'number' ? loaded : 1;
  }
  const files = kitFiles(props);
  put(folder, name, files);
  return sayKit(out, props, files, terminal);
}

function ended({ site, trust }: ClientKitProps, now: string): string[] {
  if (trust.type !== 'ca') return [];
  return trust.certificates
    .filter(({ until }) => until < now)
    .map(
      ({ subject, until }) =>
        `sites/${site}/${POOL_CA}: the certificate of ${subject} has ended on ${until}. Put the new one in its place.`,
    );
}

/** What speaks against writing into a folder: everything in it that was not written by this command, for this site. */
function objections(root: string, folder: string, out: string, site: string): string[] {
  const generated = ['dist', 'sites'].find(
    (each) => !path.relative(path.join(root, each), folder).startsWith('..'),
  );
  if (generated !== undefined)
    return [`${out}: ${generated}/ is for other things. Choose another folder with --out.`];
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) return [`${out}: is not a folder. Choose another one with --out.`];
  const present = listFiles(folder);
  if (present.length === 0 || isMarked(folder, 'condor_config', site)) return [];
  return [
    `${out}: holds ${present.slice(0, 3).join(', ')}${present.length > 3 ? ` and ${String(present.length - 3)} more` : ''}, and is no client kit of ${site}. Choose another folder with --out.`,
  ];
}

function isMarked(folder: string, file: string, site: string): boolean {
  const at = path.join(folder, file);
  if (!existsSync(at)) return false;
  return readFileSync(at, 'utf8')
    .split('\n', 3)
    .some((line) => line.includes(generatedBy(site)));
}

/** Files of an earlier kit go, those of its user stay. */
function put(folder: string, site: string, files: Files): void {
  for (const file of listFiles(folder))
    if (!files.has(file) && isMarked(folder, file, site)) rmSync(path.join(folder, file));
  for (const [file, text] of files) writeWhole(path.join(folder, file), text);
}

function sayKit(
  out: string,
  { site, hostName, accessPoints, trust }: ClientKitProps,
  files: Files,
  terminal: Terminal,
): ExitCode {
  terminal.say(`${out}: ${[...files.keys()].join(', ')}`);
  for (const { name, port } of accessPoints)
    terminal.say(`  access point ${name} at ${hostName}:${String(port)}`);
  switch (trust.type) {
    case 'public':
      terminal.say('  trusts what the machine of the user trusts: the certificate is of a public authority');
      return 0;
    case 'ca':
      for (const { subject, from, until, fingerprint } of trust.certificates)
        terminal.say(`  trusts ${subject}, valid from ${from} until ${until}, SHA-256 ${fingerprint}`);
      return 0;
    case 'missing':
      terminal.complain(
        `One step is left: ${CA_FILE}, the certificate of the CA ${trust.issuer}, is in the cluster only. Write it beside site.yaml, commit it, and run this again:\n\n    ${caCommand(trust.secret, `sites/${site}/${POOL_CA}`)}\n`,
      );
      return 1;
  }
}
