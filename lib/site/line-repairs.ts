import {
  brackets,
  colonInside,
  comma,
  commaOfList,
  ipv6Inside,
  openingQuote,
  quote,
  quoteInside,
} from './flow-repairs';
import type { Repair } from './repair';

/** A repair, and the line that it is for, counted from 1. */
export type LineRepair = Repair & { readonly line: number };

/** Nobody writes longer lines by hand; each repair of one would mean reading all of it, for each of its brackets. */
const LONG = 500;

/** Everything that could be wrong with a line, the most likely first. */
export function lineRepairs(lines: readonly string[], line: number): LineRepair[] {
  const text = lines[line - 1] ?? '';
  if (text.length > LONG) return [];
  const own = [
    document,
    quote,
    openingQuote,
    quoteInside,
    backslash,
    brackets,
    dash,
    colon,
    colonInside,
    ipv6Inside,
    comma,
    commaOfList,
    special,
    valueAndBlock,
    missingDash,
    needlessDash,
  ].flatMap((mistake) => mistake(text));
  const repairs = [...own, ...indentation(text, sectionAbove(lines, line))];
  return repairs.filter((repair) => repair.text !== text).map((repair) => ({ ...repair, line }));
}

/** The lines before a line, from the part of the file on that the last of them is of. */
function sectionAbove(lines: readonly string[], line: number): string[] {
  const before = lines.slice(0, line - 1);
  const section = before.findLastIndex((text) => /^[^\s#]/.test(text));
  return before.slice(Math.max(section, 0)).filter((text) => /^\s*[^\s#]/.test(text));
}

/** Repairs of what a line leaves open for the lines after it. */
export function openEnds(lines: readonly string[], line: number): LineRepair[] {
  const text = lines[line - 1] ?? '';
  if (text.length > LONG) return [];
  return [...quote(text), ...brackets(text)].map((repair) => ({ ...repair, line }));
}

function document(line: string): Repair[] {
  const mark = /^(?:---|\.\.\.)(?=\s|$)/.exec(line)?.[0];
  if (mark === undefined) return [];
  return [
    {
      text: undefined,
      expected: 'one document in the file',
      got: `"${mark}", ${mark === '...' ? 'which ends it' : 'which begins another one'}`,
      column: 1,
    },
  ];
}

function backslash(line: string): Repair[] {
  const found = /"([^"']*\\[^"']*)"/.exec(line);
  if (found?.[1] === undefined) return [];
  return [
    {
      text: line.replace(found[0], `'${found[1]}'`),
      expected: 'single quotes around text with a backslash',
      got: 'a backslash in double quotes, where it is special',
      column: found.index + 1,
    },
  ];
}

function dash(line: string): Repair[] {
  const alone = /^\s*-\s*$/.test(line);
  if (alone)
    return [
      { text: undefined, expected: 'an entry after the dash', got: 'nothing', column: line.indexOf('-') + 1 },
    ];
  const found = /^(\s*)-(?=[\w"'{[])/.exec(line);
  if (!found) return [];
  const text = `${found[0]} ${line.slice(found[0].length)}`;
  return [{ text, expected: 'a space after the dash', got: 'a dash without one', column: found[0].length }];
}

function colon(line: string): Repair[] {
  const found = /^(\s*(?:- +)?)([\w./-]*\w)(\s*=\s*|\s*:(?=\S)|\s+(?=[^\s:#])|\s*$)/.exec(line);
  const [all = '', before = '', key = '', between = ''] = found ?? [];
  if (key === '') return [];
  const rest = line.slice(all.length);
  const column = before.length + 1;
  const text = `${before}${key}: ${rest}`.trimEnd();
  if (between.includes(':'))
    return [{ text, expected: 'a space after the colon', got: `${key}: without one`, column }];
  const got = between.includes('=') ? '"="' : `${JSON.stringify(key)} without a colon`;
  return [{ text, expected: 'a colon and a space after the key', got, column }];
}

/** Text that must be in quotes, because it begins with a character of YAML or has a colon inside. */
function special(line: string): Repair[] {
  const quoted = (text: string) => (/["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`);
  const expected = 'quotes around text with a special character';
  const first = /((?:[:,[{]|^\s*-) *)([@`%&*!|>][^,[\]{}]*?)(?=\s*(?:[,\]}]|$))/g;
  const token = [...line.matchAll(first)][0];
  const [inner, , inside = ''] =
    /^(\s*(?:- +)?[\w./-]+: +)([^"'[{#].*:(?:\s.*)?)$/.exec(line)?.slice(0, 3) ?? [];
  const start = inner === undefined ? 0 : line.length - inside.length;
  return [
    ...(token
      ? [
          {
            text: line.replace(first, (_, before: string, text: string) => before + quoted(text)),
            expected,
            got: `text that begins with ${token[2]?.charAt(0) ?? ''}`,
            column: token.index + (token[1]?.length ?? 0) + 1,
          },
        ]
      : []),
    ...(inner === undefined
      ? []
      : [
          {
            text: line.slice(0, start) + quoted(inside),
            expected,
            got: 'a colon inside of the text',
            column: start + 1,
          },
        ]),
  ];
}

/** `tokenIssuers: https://x` with a block below it: one of the two is too much. */
function valueAndBlock(line: string): Repair[] {
  const found = /^(\s*(?:- +)?[\w./-]+:)( +)[^\s#|>].*$/.exec(line);
  const [, key = '', space = ''] = found ?? [];
  if (key === '') return [];
  const expected = 'nothing after the colon, because what belongs to the key is in the lines below';
  return [{ text: key, expected, got: 'a value as well', column: key.length + space.length + 1, loss: true }];
}

/** `  name: b` below `  - name: a`. */
function missingDash(line: string): Repair[] {
  const [, space = '', key = ''] = /^(\s*)["']?([\w./-]+)["']?:(?:\s|$)/.exec(line) ?? [];
  if (key === '') return [];
  const body = line.slice(space.length);
  const expected = `a dash before ${JSON.stringify(key)}, which begins an entry of a list`;
  return [...(space.length > 1 ? [space.slice(2)] : []), space].map((before) => ({
    text: `${before}- ${body}`,
    expected,
    got: 'no dash',
    column: space.length + 1,
  }));
}

/** `  - name: b` where no list is, `- - name: b` where one is. */
function needlessDash(line: string): Repair[] {
  const [, space = '', body = ''] = /^(\s*)- +(\S.*)$/.exec(line) ?? [];
  if (body === '') return [];
  const got = body.startsWith('- ') ? 'a dash too many' : 'a dash';
  return [{ text: space + body, expected: 'no dash here', got, column: space.length + 1 }];
}

function indentation(line: string, above: readonly string[]): Repair[] {
  const own = indentOf(line);
  const body = line.trimStart();
  if (body === '') return [];
  const last = above.at(-1) ?? '';
  const dashed = /^\s*(?:- +)+/.exec(last)?.[0].length ?? indentOf(last);
  const widths = [...new Set([dashed, indentOf(last), indentOf(last) + 2, ...above.map(indentOf).reverse()])];
  const spaces = (count: number) => `${count === 0 ? 'no' : String(count)} space${count === 1 ? '' : 's'}`;
  return widths.map((width) => ({
    text: ' '.repeat(width) + body,
    expected: `${spaces(width)} before ${JSON.stringify(/^(?:- *)?[^\s:]*/.exec(body)?.[0] ?? body)}`,
    got: spaces(own),
    column: own + 1,
  }));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
