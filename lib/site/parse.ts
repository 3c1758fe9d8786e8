import { isMap } from 'yaml';
import { decode } from './encoding';
import { fieldFindings } from './field-findings';
import { withoutGuesses, type Guesses } from './guesses';
import { inFileOrder, pathText, type Found, type Problem } from './problem';
import type { SiteRule } from './rule';
import { SITE_RULES } from './rules';
import type { Site } from './schema';
import { readSyntax } from './syntax';
import { FIRST_LINES, unreadable } from './unreadable';
import { YamlSource } from './yaml-source';

/** A file that should be a site. */
export interface SiteFile {
  /** As messages name it: `sites/pg1/site.yaml`. */
  readonly file: string;
  /** Name of the folder it is in. */
  readonly folder: string;
  readonly bytes: Uint8Array;
}

export type ParsedSite = { readonly site: Site } | { readonly problems: readonly Problem[] };

/** Turns a file into a site without any mistake, or into all its mistakes at once. */
export function parseSite({ file, folder, bytes }: SiteFile): ParsedSite {
  const { problems, site } = findProblems(bytes, folder);
  if (site && problems.length === 0) return { site };
  return { problems: problems.map((found) => ({ ...found, file })).sort(inFileOrder) };
}

interface Read {
  readonly problems: readonly Found[];
  readonly site?: Site | undefined;
}

function findProblems(bytes: Uint8Array, folder: string): Read {
  const decoded = decode(bytes);
  if ('encoding' in decoded) return { problems: [wrongEncoding(bytes, decoded)] };
  const early = unreadable(decoded.text);
  if (early.length > 0) return { problems: early };

  const { problems: syntax, readable } = readSyntax(YamlSource.parse(decoded.text));
  if (!readable) return { problems: syntax };
  if (!isMap(readable.document.contents)) return { problems: [notASite(readable)] };

  const fields = fieldFindings(readable);
  // What stands in a line that is not YAML is looked at when it is.
  const lines = new Set(syntax.filter(({ rule }) => rule === 'AF-SITE-03').map(({ line }) => line));
  const guesses = [...fields.guesses, ...readable.topKeysOf(lines).map((key) => [key])];
  const between = fields.site ? ruleFindings(fields.site, guesses, folder).map(fields.place) : [];
  const said = new Set(fields.problems.map(({ path }) => pathText(path)));
  const others = [...fields.problems, ...between.filter(({ path }) => !said.has(pathText(path)))];
  return { problems: [...syntax, ...others.filter(({ line }) => !lines.has(line))], site: fields.site };
}

function ruleFindings(site: Site, guesses: Guesses, folder: string) {
  return [...SITE_RULES, nameOfFolder(folder)].flatMap(({ id, check }) =>
    withoutGuesses(site, guesses, check).map((finding) => ({ ...finding, rule: id })),
  );
}

/** The only rule that knows where the file is. */
function nameOfFolder(folder: string): Pick<SiteRule, 'id' | 'check'> {
  const path = ['site', 'name'];
  return {
    id: 'AF-SITE-10',
    check: ({ site: { name } }) =>
      name === folder
        ? []
        : [
            {
              path,
              expected: `the name of the folder, ${JSON.stringify(folder)}`,
              got: JSON.stringify(name),
              fix: { kind: 'set', path, value: folder },
            },
          ],
  };
}

function wrongEncoding(bytes: Uint8Array, { encoding, offset }: { encoding: string; offset: number }): Found {
  const before = new TextDecoder().decode(bytes.subarray(0, offset));
  return {
    rule: 'AF-SITE-01',
    path: [],
    line: before.split('\n').length,
    column: before.length - before.lastIndexOf('\n'),
    expected: 'UTF-8 text',
    got: encoding.startsWith('UTF-16') ? encoding : `a byte that is not UTF-8, probably from ${encoding}`,
    fix: { kind: 'encode', from: encoding },
  };
}

function notASite(source: YamlSource): Found {
  const { contents } = source.document;
  const at = contents?.range ? source.position(contents.range[0]) : { line: 1, column: 1 };
  const got = contents === null ? 'nothing but comments' : 'something else than a mapping';
  const until = source.text.split('\n').length;
  const fix = { kind: 'line', line: 1, until, text: 'schemaVersion: 1' } as const;
  return { rule: 'AF-SITE-02', path: [], ...at, expected: FIRST_LINES, got, fix };
}
