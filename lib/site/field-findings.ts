import type { z } from 'zod';
import { explain, type FieldFinding } from './explain';
import { applyToDocument, isValueFix } from './fix';
import type { Guesses } from './guesses';
import type { Finding, Found, Path } from './problem';
import { SiteSchema, type Site } from './schema';
import type { YamlSource } from './yaml-source';

/** A file as the schema sees it. */
export interface Fields {
  readonly problems: readonly Found[];
  /** The site, as it would be after the printed fixes; undefined where they would not be enough. */
  readonly site: Site | undefined;
  /** Where a fix is a guess. */
  readonly guesses: Guesses;
  /** Gives a finding of a rule its place in the file. */
  readonly place: (finding: Finding & { readonly rule: string }) => Found;
}

/** A value that fixes that were made in mind only have brought to another path. */
interface Moved {
  readonly from: Path;
  readonly to: Path;
}

/** A file with fixes that were made in mind only. */
interface Edited {
  readonly source: YamlSource;
  readonly moved: readonly Moved[];
}

const ROUNDS = 5;

/**
 * Looks at every field. Where there is no doubt what a key was meant to be, its value is looked at too, so that all
 * mistakes are said at once.
 */
export function fieldFindings(source: YamlSource): Fields {
  const problems: Found[] = [];
  let edited: Edited = { source, moved: [] };
  for (let round = 1; ; round++) {
    const { data, result } = read(edited.source);
    if (result.success) return { problems, site: result.data, guesses: [], place: placeIn(edited) };
    const findings = explainAll(result.error.issues, data, edited.source);
    const sure = round < ROUNDS ? findings.filter((finding) => finding.sure === true) : [];
    const said = sure.length > 0 ? sure : findings;
    const { source: seen, moved } = edited;
    problems.push(
      ...said.map((finding) => ({ ...inFile(finding, moved), ...seen.locate(finding.path, finding.at) })),
    );
    edited = withFixes(edited, said);
    if (sure.length > 0) continue;
    const guesses = findings.filter((finding) => !isTrusted(finding)).map(guessedBy);
    return { problems, site: read(edited.source).result.data, guesses, place: placeIn(edited) };
  }
}

function read({ document }: YamlSource) {
  const data: unknown = document.toJS();
  return { data, result: SiteSchema.safeParse(data) };
}

/** What the schema refused, each place once. */
function explainAll(issues: readonly z.core.$ZodIssue[], data: unknown, source: YamlSource): FieldFinding[] {
  const all = issues.flatMap((issue) => explain(issue, { root: SiteSchema, data, source }));
  const places = all.map(({ path }) => JSON.stringify(path));
  return all.filter((_, index) => places.indexOf(places[index] ?? '') === index);
}

function withFixes({ source, moved }: Edited, findings: readonly FieldFinding[]): Edited {
  return {
    moved: [...moved, ...findings.flatMap(movedBy)],
    source: source.edited((document) => {
      for (const { fix } of inOrder(findings)) if (isValueFix(fix)) applyToDocument(document, fix);
    }),
  };
}

function placeIn({ source, moved }: Edited): Fields['place'] {
  return (finding) => ({
    ...inFile(asWritten(finding, source), moved),
    ...source.locate(finding.path, source.node(finding.path) ? 'value' : 'key'),
  });
}

/** Whether the fix says what the admin says in another way; an example or a bound in its place does not. */
function isTrusted({ rule, fix }: FieldFinding): boolean {
  // An entry that goes changes the numbers of those after it.
  if (fix.kind === 'remove') return typeof fix.path.at(-1) === 'string';
  const isValue = rule === 'AF-SITE-08' || (fix.kind === 'set' && typeof fix.value === 'string');
  return fix.kind === 'set' && fix.example !== true && isValue;
}

/** The place whose value is not what the file says once the fix is made. */
function guessedBy({ path, fix }: FieldFinding): Path {
  switch (fix.kind) {
    case 'set':
    case 'add':
      return fix.path;
    case 'rename':
      return [...fix.path.slice(0, -1), fix.to];
    case 'move':
      return [...fix.to, ...fix.path.slice(-1)];
    case 'remove':
      return fix.path.slice(0, -1);
    default:
      return path.slice(0, 1);
  }
}

/** Entries that go, the last of a list first, so that none changes the number of another. */
function inOrder(findings: readonly FieldFinding[]): FieldFinding[] {
  const goes = ({ fix }: FieldFinding) => fix.kind === 'remove' || fix.kind === 'move';
  const removals = findings.filter(goes).sort((a, b) => comparePaths(b.path, a.path));
  return [...findings.filter((finding) => !goes(finding)), ...removals];
}

function comparePaths(a: Path, b: Path): number {
  const index = a.findIndex((step, at) => step !== b[at]);
  const [x, y] = [a[index], b[index]];
  if (index < 0 || y === undefined) return a.length - b.length;
  return typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : 1;
}

function movedBy({ fix }: FieldFinding): Moved[] {
  const last = isValueFix(fix) ? fix.path.at(-1) : undefined;
  if (fix.kind === 'rename') return [{ from: fix.path, to: [...fix.path.slice(0, -1), fix.to] }];
  if (fix.kind === 'move' && last !== undefined) return [{ from: fix.path, to: [...fix.to, last] }];
  return [];
}

/** The finding with the paths that the file really has. */
function inFile<T extends Finding>(finding: T, moved: readonly Moved[]): T {
  const original = (path: Path) =>
    moved.reduceRight((current, { from, to }) => {
      const isBelow = to.every((step, index) => step === current[index]);
      return isBelow ? [...from, ...current.slice(to.length)] : current;
    }, path);
  const { fix } = finding;
  return {
    ...finding,
    path: original(finding.path),
    fix: isValueFix(fix) ? { ...fix, path: original(fix.path) } : fix,
  };
}

/** Rules see defaults too: what is not written is added and not changed. */
function asWritten<T extends Finding>(finding: T, source: YamlSource): T {
  const { fix } = finding;
  if (fix.kind !== 'add' && fix.kind !== 'set') return finding;
  return { ...finding, fix: { ...fix, kind: source.node(fix.path) ? 'set' : 'add' } };
}
