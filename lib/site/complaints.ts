import { visit, type Node } from 'yaml';
import type { z } from 'zod';
import { dropOddKeys, keyProblems } from './keys';
import { SiteSchema } from './schema';
import type { YamlSource } from './yaml-source';

/** What the schema has against a file that is YAML, in short: enough to compare two versions of it. */
export interface Complaint {
  /** The same for the same complaint, in whatever entry of a list. */
  readonly what: string;
  /** Lines that may be what is wrong, and not what they say: of a key that is out of place, a list that is none, words in an entry. */
  readonly lines: readonly number[];
}

export function complaints(source: YamlSource): readonly Complaint[] {
  if (hasAliases(source)) return [];
  const keys = keyProblems(source);
  const odd = keys.map(({ rule, line }) => ({ what: rule, lines: [line] }));
  const { document } = keys.length === 0 ? source : source.edited(dropOddKeys);
  const issues = SiteSchema.safeParse(document.toJS()).error?.issues ?? [];
  return [...odd, ...issues.flatMap((issue) => complaintsOf(issue, source))];
}

function complaintsOf(issue: z.core.$ZodIssue, source: YamlSource): readonly Complaint[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const what = [issue.code, ...path.filter((step) => typeof step === 'string')].join(' ');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.flatMap((key) => {
      const at = [...path, key];
      const lines = [source.locate(at, 'key').line];
      return Array.from({ length: sizeOf(source.node(at)) }, () => ({ what: `${what} ${key}`, lines }));
    });
  const isShape =
    issue.code === 'invalid_union' || (issue.code === 'invalid_type' && SHAPES.has(issue.expected));
  const hasWords = typeof path.at(-1) === 'number' && /\s/.test(source.scalarText(path)?.text ?? '');
  const ends = isShape || hasWords ? (['key', 'value'] as const) : [];
  return [{ what, lines: ends.map((end) => source.locate(path, end).line) }];
}

const SHAPES: ReadonlySet<string> = new Set(['object', 'array', 'record']);

/** How much a key brings that has no place: one that is put below another such key is as much out of place as before. */
function sizeOf(node: Node | undefined): number {
  let size = 1;
  if (node)
    visit(node, {
      Pair() {
        size++;
      },
    });
  return size;
}

/** What they stand for may be missing, or without end. */
function hasAliases({ document }: YamlSource): boolean {
  let found = false;
  visit(document, {
    Alias() {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
