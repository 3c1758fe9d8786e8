import { readFileSync } from 'node:fs';
import path from 'node:path';
import { applyFix } from './fix';
import { parseSite } from './parse';
import { problemText } from './problem';

/** Each mistake is made in every so manieth line where it can be; who searches sets 1, which takes a quarter of an hour. */
const STEP = 60;

type Mistake = (line: string) => string;

const replaced =
  (what: RegExp, by: string): Mistake =>
  (line) =>
    line.replace(what, by);
const indented =
  (by: number): Mistake =>
  (line) => {
    if (!/^\s*[^\s#]/.test(line)) return line;
    if (by > 0) return ' '.repeat(by) + line;
    return line.startsWith(' '.repeat(-by)) ? line.slice(-by) : line;
  };

const KEY = /^(\s*(?:- )?[\w-]+)/.source;

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'spaces instead of a dash': replaced(/^(\s*)- (?=\w)/, '$1  '),
  'no dash': replaced(/^(\s*)- (?=\w)/, '$1'),
  'no space after the dash': replaced(/^(\s*)- /, '$1-'),
  'a second dash': replaced(/^(\s*)- /, '$1- - '),
  'a dash where no list is': replaced(/^(\s*)(?=\w[\w-]*:)/, '$1- '),
  'no colon': replaced(new RegExp(`${KEY}:(?= |$)`), '$1'),
  'no space after the colon': replaced(new RegExp(`${KEY}: `), '$1:'),
  'an equals sign': replaced(new RegExp(`${KEY}: `), '$1 = '),
  'no colon in braces': replaced(/([{,] ?[\w-]+): /, '$1 '),
  'no space after the colon in braces': replaced(/([{,] ?[\w-]+): /, '$1:'),
  'no comma': replaced(/([{[][^,]*),/, '$1'),
  'a semicolon instead of a comma': replaced(/([{[][^,]*),/, '$1;'),
  'two commas': replaced(/,/, ',,'),
  'no opening quote': replaced(/"/, ''),
  'no closing quote': replaced(/"([^"]*)"/, '"$1'),
  'no quotes': replaced(/"([^"]*)"/, '$1'),
  'quotes of two kinds': replaced(/^([^']*?)"([^"]*)"/, `$1"$2'`),
  'no opening bracket': replaced(/\[/, ''),
  'no closing bracket': replaced(/\]/, ''),
  'no opening brace': replaced(/\{/, ''),
  'no closing brace': replaced(/\}/, ''),
  'a second closing brace': replaced(/\}/, '}}'),
  'one space more': indented(1),
  'two spaces more': indented(2),
  'four spaces more': indented(4),
  'one space less': indented(-1),
  'two spaces less': indented(-2),
  'four spaces less': indented(-4),
};

const file = path.join(__dirname, 'fixtures', 'good', 'full.yaml');
const lines = readFileSync(file, 'utf8').split('\n');
const parse = (text: string) =>
  parseSite({ file: 'site.yaml', folder: 'full', bytes: new TextEncoder().encode(text) });
const meant = parse(lines.join('\n'));

/** What is not as it should be: one message, whose fix brings back what was meant. */
function objection(line: number, mistake: Mistake): string | undefined {
  const text = lines[line] ?? '';
  const wrong = lines.with(line, mistake(text)).join('\n');
  const parsed = parse(wrong);
  // Not every change of a line is a mistake.
  if ('site' in parsed) return undefined;
  const [first, ...others] = parsed.problems;
  const fixed = first && parse(applyFix(wrong, first.fix));
  const isFixed = JSON.stringify(fixed) === JSON.stringify(meant);
  return isFixed && others.length === 0
    ? undefined
    : [`line ${String(line + 1)}: ${mistake(text)}`, ...parsed.problems.map(problemText)].join('\n');
}

const mistakes = Object.entries(MISTAKES).map(([name, mistake], order) => ({ name, mistake, order }));

test.each(mistakes)('$name: one message says how the line was meant', ({ mistake, order }) => {
  const numbers = lines.flatMap((text, index) => (mistake(text) === text ? [] : [index]));
  const tried = numbers.filter((_, index) => index === 0 || index % STEP === order);
  expect(tried.length).toBeGreaterThan(0);
  expect(tried.flatMap((line) => objection(line, mistake) ?? [])).toEqual([]);
});
