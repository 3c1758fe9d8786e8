/** Quotes and brackets of one line of YAML. */
export interface LineScan {
  /** Opening brackets that nothing closes, from outside to inside. */
  readonly open: readonly Mark[];
  /** Opening brackets that are left open where one around them is closed, and where that is. */
  readonly unclosed: readonly (Mark & { readonly before: number })[];
  /** Closing brackets that close nothing of this line. */
  readonly surplus: readonly Mark[];
  /** A quote that is never closed. */
  readonly quote: Mark | undefined;
  /** Text between quotes after which something stands that cannot. */
  readonly broken: { readonly from: number; readonly quote: string } | undefined;
  /** For each character: how many brackets are open there, 0 inside of quotes and comments. */
  readonly depth: readonly number[];
}

export interface Mark {
  readonly at: number;
  readonly character: string;
}

export const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** Reads a line as if it began outside of any quotes. */
export function scanLine(line: string): LineScan {
  const [open, surplus, depth]: [Mark[], Mark[], number[]] = [[], [], []];
  const unclosed: (Mark & { before: number })[] = [];
  let broken: LineScan['broken'];
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const before = line.slice(0, at).trimEnd();
    if (character === '#' && (at === 0 || /\s/.test(line.charAt(at - 1)))) break;
    depth[at] = open.length;
    if ((character === '"' || character === "'") && (before === '' || /[:,[{-]$/.test(before))) {
      const end = closingQuote(line, at);
      if (end < 0) return { open, unclosed, surplus, broken, depth, quote: { at, character } };
      const after = line.slice(end + 1);
      if (!/^\s*(?:[,\]}:]|#|$)/.test(after)) broken ??= { from: at, quote: character };
      at = end;
    } else if (character in CLOSING) open.push({ at, character });
    else if (character === ']' || character === '}') {
      const matching = open.findLastIndex((mark) => CLOSING[mark.character] === character);
      if (matching < 0) surplus.push({ at, character });
      else
        unclosed.push(
          ...open
            .splice(matching)
            .slice(1)
            .map((mark) => ({ ...mark, before: at })),
        );
    }
  }
  return { open, unclosed, surplus, quote: undefined, broken, depth };
}

function closingQuote(line: string, from: number): number {
  const quote = line.charAt(from);
  for (let at = from + 1; at < line.length; at++) {
    if (quote === '"' && line.charAt(at) === '\\') at++;
    else if (line.charAt(at) === quote) {
      if (quote === "'" && line.charAt(at + 1) === "'") at++;
      else return at;
    }
  }
  return -1;
}

/** The line with a closing bracket for each opening one, and none too many. */
export function balanced(line: string): string {
  const { open, unclosed, surplus } = scanLine(line);
  const missing = unclosed.map(({ before, character }) => ({
    at: line.slice(0, before).trimEnd().length,
    length: 0,
    text: CLOSING[character] ?? '',
  }));
  const edits = [...missing, ...surplus.map(({ at }) => ({ at, length: 1, text: '' }))].sort(
    (a, b) => b.at - a.at,
  );
  const text = edits.reduce(
    (current, { at, length, text: by }) => current.slice(0, at) + by + current.slice(at + length),
    line,
  );
  const end = open.map((mark) => CLOSING[mark.character] ?? '').reverse();
  const space = end[0] === '}' && text.includes('{ ') ? ' ' : '';
  return open.length === 0 ? text : `${text.trimEnd()}${space}${end.join('')}`;
}
