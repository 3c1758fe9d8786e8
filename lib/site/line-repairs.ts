import { balanced, scanLine } from './line-scan';

/** A mistake that people make in a line of YAML, and the line without it. */
export interface Repair {
  /** The line; undefined where it must go. */
  readonly text: string | undefined;
  readonly expected: string;
  readonly got: string;
  /** Counted from 1. */
  readonly column: number;
  /** Whether something that the admin said is lost. */
  readonly loss?: boolean;
}

/** Everything that could be wrong with a line that is not YAML, the most likely first. */
export function lineRepairs(line: string, above: readonly string[], mayIndent: boolean): Repair[] {
  const own = [
    document,
    quote,
    quoteInside,
    backslash,
    brackets,
    dash,
    colon,
    ipv6Inside,
    comma,
    special,
    valueAndBlock,
  ].flatMap((mistake) => mistake(line));
  return [...own, ...(mayIndent ? indentation(line, above) : [])].filter(({ text }) => text !== line);
}

/** Repairs of what a line leaves open for the lines after it. */
export function openEnds(line: string): Repair[] {
  return [...quote(line), ...brackets(line)];
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

function quote(line: string): Repair[] {
  const found = scanLine(line).quote;
  if (!found) return [];
  const { at, character } = found;
  const places = [/[\]}\s]*$/, /,/, /[\]}]/]
    .map((end) => line.slice(at + 1).search(end))
    .filter((place) => place >= 0);
  return [...new Set(places)].map((place) => ({
    text: `${line.slice(0, at + 1 + place)}${character}${line.slice(at + 1 + place)}`,
    expected: `a closing ${character}`,
    got: `a ${character} that is never closed`,
    column: at + 1,
  }));
}

function quoteInside(line: string): Repair[] {
  const { broken } = scanLine(line);
  if (!broken) return [];
  const [from, end] = [broken.from, line.lastIndexOf(broken.quote)];
  const text = line.slice(from + 1, end);
  const better = text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "''")}'`;
  return [
    {
      text: line.slice(0, from) + better + line.slice(end + 1),
      expected: 'the end of the value after the closing quote',
      got: `a ${broken.quote} inside of text in ${broken.quote}`,
      column: from + 1,
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

function brackets(line: string): Repair[] {
  const { open, unclosed, surplus } = scanLine(line);
  const [first] = [...surplus, ...unclosed, ...open];
  if (!first) return [];
  const isOpen = !surplus.includes(first);
  const text = balanced(line);
  return [
    {
      text,
      expected: text.length > line.length ? 'a closing bracket for each opening one' : 'no bracket here',
      got: isOpen ? `a ${first.character} that is never closed` : `a ${first.character} that closes nothing`,
      column: first.at + 1,
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

/** `{ url: https://[2001:db8::1]:9000 }`: inside of braces a bracket begins a list. */
function ipv6Inside(line: string): Repair[] {
  const found = /(?<=[{,]\s*[\w./-]+:\s+|[[,]\s*)[a-z][a-z0-9+.-]*:\/\/\[[0-9a-f:]+\][^\s,\]}]*/.exec(line);
  if (!found) return [];
  return [
    {
      text: `${line.slice(0, found.index)}"${found[0]}"${line.slice(found.index + found[0].length)}`,
      expected: 'quotes around an address with brackets, inside of braces or a list',
      got: found[0],
      column: found.index + 1,
    },
  ];
}

function comma(line: string): Repair[] {
  const { depth } = scanLine(line);
  const missing = [...line.matchAll(/[^\s,[{:](\s+)(?=["']?[\w./-]+["']?:\s)/g)].filter(
    ({ index }) => (depth[index + 1] ?? 0) > 0,
  );
  const [first] = missing;
  const word = (rest: string) => /[\w./-]+/.exec(rest)?.[0] ?? '';
  const twice = /,\s*(?=,)|(?<=[[{]\s*),/.exec(line);
  const text = missing.reduceRight(
    (current, { index }) => `${current.slice(0, index + 1)},${current.slice(index + 1)}`,
    line,
  );
  return [
    ...(first
      ? [
          {
            text,
            expected: 'a comma between two entries',
            got: `no comma before ${JSON.stringify(word(line.slice(first.index + 1)))}`,
            column: first.index + 2,
          },
        ]
      : []),
    ...(twice
      ? [
          {
            text: line.replace(twice[0], ''),
            expected: 'an entry on both sides of a comma',
            got: 'a comma without one',
            column: twice.index + 1,
          },
        ]
      : []),
  ];
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
