import { balanced, CLOSING, scanLine, type Mark } from './line-scan';
import type { Repair } from './repair';

export function quote(line: string): Repair[] {
  const found = scanLine(line).quote;
  if (!found) return [];
  const { at, character } = found;
  const places = [/[\]}\s]*$/, /,/, /[\]}]/]
    .map((end) => line.slice(at + 1).search(end))
    .filter((place) => place >= 0);
  return [...new Set(places)].map((place) => ({
    text: closedAt(line, at + 1 + place, character),
    expected: `a closing ${character}`,
    got: `a ${character} that is never closed`,
    column: at + 1,
  }));
}

/** Closes a quote, also where one of the other kind was meant to. */
function closedAt(line: string, at: number, quote: string): string {
  const other = quote === '"' ? "'" : '"';
  const before = line.slice(0, at);
  return `${before.endsWith(other) ? before.slice(0, -1) : before}${quote}${line.slice(at)}`;
}

/** `[a", "b"]` */
export function openingQuote(line: string): Repair[] {
  const found = /(?<=(?:[:,[{]|^\s*-)\s*)[^\s"'[\]{},][^"'[\]{},]*(["'])(?=\s*(?:[,\]}]|$))/.exec(line);
  if (!found) return [];
  const { 0: text, 1: quote = '', index } = found;
  return [
    {
      text: `${line.slice(0, index)}${quote}${line.slice(index)}`,
      expected: `an opening ${quote}`,
      got: `a ${quote} at the end of ${text.slice(0, -1)} alone`,
      column: index + 1,
    },
  ];
}

export function quoteInside(line: string): Repair[] {
  const { broken } = scanLine(line);
  if (!broken) return [];
  const [from, end] = [broken.from, line.lastIndexOf(broken.quote)];
  const text = line.slice(from + 1, end);
  const better = text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "''")}'`;
  const early = from + 1 + text.search(/\s*(?:[,\]}]|$)/);
  return [
    {
      text: closedAt(line, early, broken.quote),
      expected: `a closing ${broken.quote}`,
      got: `a ${broken.quote} that is never closed`,
      column: from + 1,
    },
    {
      text: line.slice(0, from) + better + line.slice(end + 1),
      expected: 'the end of the value after the closing quote',
      got: `a ${broken.quote} inside of text in ${broken.quote}`,
      column: from + 1,
    },
  ];
}

export function brackets(line: string): Repair[] {
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
    ...(isOpen ? closedEarlier(line, first) : otherBrackets(line, first)),
  ];
}

/** `{ requests: { cpu: 1, limits: { cpu: 2 } }`: what is open may end before what comes next. */
function closedEarlier(line: string, { at, character }: Mark): Repair[] {
  const inner = [...line.slice(at).matchAll(/\s*,/g)].map(({ index }) => at + index);
  return inner.map((place) => ({
    text: `${line.slice(0, place)} ${CLOSING[character] ?? ''}${line.slice(place)}`,
    expected: 'a closing bracket for each opening one',
    got: `a ${character} that is never closed`,
    column: at + 1,
  }));
}

/** A closing bracket that closes nothing: one before it may be too many, or an opening one is missing. */
function otherBrackets(line: string, { at, character }: Mark): Repair[] {
  const before = line.slice(0, at);
  const got = `a ${character} that closes nothing`;
  const fewer = [...before.matchAll(new RegExp(`\\s*\\${character}`, 'g'))].map(({ index, 0: all }) => ({
    text: line.slice(0, index) + line.slice(index + all.length),
    expected: 'no bracket here',
    got,
    column: index + all.length,
  }));
  const opened = [...before.matchAll(/(?:[:,]|^\s*-) +|[[{] */g)].map(({ index, 0: { length } }) => ({
    text: `${line.slice(0, index + length)}${OPENING[character] ?? ''}${line.slice(index + length)}`,
    expected: 'an opening bracket for each closing one',
    got,
    column: index + length + 1,
  }));
  return [...fewer, ...opened];
}

const OPENING: Readonly<Record<string, string>> = { ']': '[', '}': '{' };

/** `{name:public}`, `{ name public }`: inside of braces a key without its colon, or without the space behind it. */
export function colonInside(line: string): Repair[] {
  const { depth } = scanLine(line);
  const found = [
    ...line.matchAll(/(?<=[{,]\s*)([\w-]+)(?::(?=[^\s/]|\/(?!\/))|\s*=\s*|\s+(?=[^\s:,=}]))/g),
  ].filter(({ index }) => (depth[index] ?? 0) > 0);
  const [first] = found;
  if (!first) return [];
  const text = found.reduceRight(
    (current, { index, 0: all, 1: key = '' }) =>
      `${current.slice(0, index)}${key}: ${current.slice(index + all.length)}`,
    line,
  );
  const got = first[0].endsWith(':') ? `${first[0]} without one` : `${JSON.stringify(first[1])} without one`;
  const expected = `a ${first[0].endsWith(':') ? 'space after the colon' : 'colon and a space after the key'}`;
  return [{ text, expected, got, column: first.index + 1 }];
}

/** `{ url: https://[2001:db8::1]:9000 }`: inside of braces a bracket begins a list. */
export function ipv6Inside(line: string): Repair[] {
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

export function comma(line: string): Repair[] {
  const { depth } = scanLine(line);
  const missing = [...line.matchAll(/[^\s,;[{:](;?\s+)(?=["']?[\w./-]+["']?:\s)/g)].filter(
    ({ index }) => (depth[index + 1] ?? 0) > 0,
  );
  const [first] = missing;
  const word = (rest: string) => /[\w./-]+/.exec(rest)?.[0] ?? '';
  const twice = /,\s*(?=,)|(?<=[[{]\s*),/.exec(line);
  const text = missing.reduceRight(
    (current, { index }) => `${current.slice(0, index + 1)},${current.slice(index + 1).replace(/^;/, '')}`,
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

const LIST_WITHOUT_COMMA = /(?<=[[,]\s*(?:"[^"]*"|'[^']*'|[^\s,;[\]{}:"'#]+));? +(?=["']?[^\s,;[\]{}:"'#])/g;

/** `[user storage]`: in a list of words, text with a space. */
export function commaOfList(line: string): Repair[] {
  const { depth } = scanLine(line);
  const missing = [...line.matchAll(LIST_WITHOUT_COMMA)].filter(({ index }) => (depth[index] ?? 0) > 0);
  const [first] = missing;
  if (!first) return [];
  const text = missing.reduceRight(
    (current, { index, 0: { length } }) => `${current.slice(0, index)}, ${current.slice(index + length)}`,
    line,
  );
  const next = /^[^\s,\]]*/.exec(line.slice(first.index + first[0].length))?.[0] ?? '';
  const got = `no comma before ${JSON.stringify(next)}`;
  return [{ text, expected: 'a comma between two entries', got, column: first.index + first[0].length + 1 }];
}
