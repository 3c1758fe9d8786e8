import type { Found } from './problem';

const LARGEST = 1024 ** 2;
const DEEPEST = 30;
const WIDEST_INDENT = 100;

export const FIRST_LINES = 'the text of a site file, which begins with "schemaVersion: 1"';

/** What is wrong with the text before anybody reads it as YAML. */
export function unreadable(text: string): Found[] {
  const top = { rule: 'AF-SITE-02', path: [], line: 1, column: 1, expected: FIRST_LINES };
  if (text.trim() === '') {
    const until = text.split('\n').length;
    return [
      { ...top, got: 'an empty file', fix: { kind: 'line', line: 1, until, text: 'schemaVersion: 1' } },
    ];
  }
  if (text.length > LARGEST)
    return [{ ...top, got: `${String(text.length)} characters`, fix: { kind: 'cut', from: 1 } }];
  const lines = text.split('\n');
  return [
    ...tooDeep(lines),
    ...tabs(lines),
    ...lines.flatMap((line, index) => [...invisible(line, index + 1), ...conflict(line, index + 1)]),
  ];
}

/** The parser recurses: thousands of brackets would end it with a stack trace. */
function tooDeep(lines: readonly string[]): Found[] {
  let depth = 0;
  const deep = lines.map((line) => {
    if (line.trim() === '') return false;
    let deepest = depth;
    for (const character of line.replace(/(?:^|\s)#.*$/, '')) {
      if (character === '[' || character === '{') depth += 1;
      if (character === ']' || character === '}') depth = Math.max(depth - 1, 0);
      deepest = Math.max(deepest, depth);
    }
    return deepest > DEEPEST || (/^[\s?-]*(?=\S)/.exec(line)?.[0].length ?? 0) > WIDEST_INDENT;
  });
  const first = deep.indexOf(true);
  if (first < 0) return [];
  const [line, until] = [first + 1, deep.lastIndexOf(true) + 1];
  const expected = `at most ${String(DEEPEST)} lists or mappings inside one another`;
  const fix = { kind: 'line', line, until, text: undefined } as const;
  return [{ rule: 'AF-SITE-03', path: [], line, column: 1, expected, got: 'more', fix }];
}

function tabs(lines: readonly string[]): Found[] {
  const found = lines.flatMap((line, index) => (/^ *\t\s*[^\s#]/.test(line) ? [index + 1] : []));
  const [first] = found;
  if (first === undefined) return [];
  const column = (lines[first - 1] ?? '').indexOf('\t') + 1;
  const got = found.length === 1 ? 'a tab' : `tabs, in ${String(found.length)} lines`;
  return [
    {
      rule: 'AF-SITE-03',
      path: [],
      line: first,
      column,
      expected: 'spaces at the beginning of a line',
      got,
      fix: { kind: 'untab' },
    },
  ];
}

/** Spaces that are none for YAML, which come along with text from web pages; characters that show nothing. */
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;
const NOTHING =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028\u2029\u2060\ufeff]/gu;

function invisible(line: string, number: number): Found[] {
  const content = line.replace(/(?:^|[ \t])#.*$/, '');
  const better = content.replace(SPACES, ' ').replace(NOTHING, '');
  if (better === content) return [];
  const at = Math.min(...[SPACES, NOTHING].map((set) => content.search(set)).filter((index) => index >= 0));
  const code = content.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return [
    {
      rule: 'AF-SITE-03',
      path: [],
      line: number,
      column: at + 1,
      expected: 'letters, signs and ordinary spaces',
      got: `U+${code}, a character that looks like a space or like nothing`,
      fix: { kind: 'line', line: number, text: better + line.slice(content.length) },
    },
  ];
}

function conflict(line: string, number: number): Found[] {
  const [mark] = /^(?:<{7}|={7}|>{7}|\|{7})(?=\s|$)/.exec(line) ?? [];
  if (mark === undefined) return [];
  return [
    {
      rule: 'AF-SITE-03',
      path: [],
      line: number,
      column: 1,
      expected: 'a file without marks of an unfinished merge',
      got: mark,
      fix: { kind: 'line', line: number, text: undefined },
      before: 'choose one of the two versions',
    },
  ];
}
