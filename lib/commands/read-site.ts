import { existsSync, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { outsideIssuer } from '../site/outside-issuer';
import { parseSite } from '../site/parse';
import { parsePoolCa, POOL_CA, type CaCertificate, type PoolCa } from '../site/pool-ca';
import type { Problem } from '../site/problem';
import type { Site } from '../site/schema';

type Read =
  | {
      readonly site: Site;
      /** What clients outside trust. @default the site has no file that says so */
      readonly poolCa?: readonly CaCertificate[];
    }
  | { readonly problems: readonly Problem[] };

/** Names of the sites of a repository, sorted. */
export function siteNames(root: string): string[] {
  const folder = path.join(root, 'sites');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** What looks like a site but is no folder: nobody would notice that it is never installed. */
export function strays(root: string): Problem[] {
  return readdirSync(path.join(root, 'sites'), { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink() || (entry.isFile() && /\.ya?ml$/.test(entry.name)))
    .map((entry) => {
      const file = `sites/${entry.name}`;
      const folder = file.replace(/\.ya?ml$/, '');
      return entry.isFile()
        ? noFile(file, 'a file', `mkdir -p ${folder} && mv ${file} ${folder}/site.yaml`)
        : noFile(file, 'a link', 'a folder of its own, or remove the link');
    });
}

/** Reads and parses one site. */
export function readSite(root: string, name: string): Read {
  const relative = `sites/${name}/site.yaml`;
  const file = path.join(root, relative);
  if (!existsSync(file)) {
    const other = readdirSync(path.dirname(file)).find((entry) => /^site\.ya?ml$/i.test(entry));
    if (other === undefined)
      return {
        problems: [noFile(relative, 'a folder without one', `write ${relative}, or remove the folder`)],
      };
    const got = lstatSync(path.join(root, 'sites', name, other)).isSymbolicLink()
      ? 'a link to nothing'
      : other;
    return { problems: [noFile(relative, got, `mv sites/${name}/${other} ${relative}`)] };
  }
  if (!statSync(file).isFile())
    return { problems: [noFile(relative, 'something else than a file', `replace ${relative} by a file`)] };
  let bytes;
  try {
    bytes = readFileSync(file);
  } catch {
    return { problems: [noFile(relative, 'a file that may not be read', `chmod u+r ${relative}`)] };
  }
  const parsed = parseSite({ file: relative, folder: name, bytes });
  const ca = readPoolCa(root, name, 'site' in parsed ? parsed.site : undefined);
  const problems = [parsed, ca].flatMap((each) => (each && 'problems' in each ? each.problems : []));
  if (!('site' in parsed) || problems.length > 0) return { problems };
  return { site: parsed.site, ...(ca && 'certificates' in ca ? { poolCa: ca.certificates } : {}) };
}

function readPoolCa(root: string, name: string, site: Site | undefined): PoolCa | undefined {
  const file = `sites/${name}/${POOL_CA}`;
  if (!existsSync(path.join(root, file))) return undefined;
  const issuer = site && outsideIssuer(site);
  return parsePoolCa({
    file,
    text: readFileSync(path.join(root, file), 'utf8'),
    ...(issuer?.type === 'privateCA' ? { commonName: issuer.commonName } : {}),
  });
}

function noFile(file: string, got: string, words: string): Problem {
  const expected = 'a site.yaml in a folder of sites/ for each site';
  return {
    rule: 'AF-SITE-02',
    file,
    line: 1,
    column: 1,
    path: [],
    expected,
    got,
    fix: { kind: 'files', words },
  };
}
