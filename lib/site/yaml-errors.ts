import type { YAMLError } from 'yaml';
import { complaints } from './complaints';
import { lineRepairs, openEnds, type LineRepair } from './line-repairs';
import { misread } from './misread';
import type { Found } from './problem';
import { YamlSource } from './yaml-source';

/** A file has few mistakes, or it is no YAML at all. */
const MOST = 10;
/** In a larger file no repairs are compared: each one means reading all of it. */
const LARGE = 100_000;
/** What the loss of a line weighs, in complaints of the schema. */
const LOSS = 5;

export interface YamlErrors {
  readonly problems: readonly Found[];
  /** The file after the printed fixes, every line where it was; undefined where they are not enough, or only guesses. */
  readonly repaired: YamlSource | undefined;
}

/**
 * What is not YAML, each mistake once.
 *
 * A parser that lost its way complains of every line that follows. So the first complaint is taken, the line repaired as
 * people most often must, and the file read again.
 */
export function yamlErrors(source: YamlSource): YamlErrors {
  const problems: Found[] = [];
  let [current, guessed] = [source, false];
  for (let error = current.firstError(); error; error = current.firstError()) {
    const repair = bestRepair(current, error);
    if (!repair || problems.length === MOST) {
      return {
        problems: repair ? problems : [...problems, unknownMistake(current, error)],
        repaired: undefined,
      };
    }
    problems.push(problemOf(repair));
    guessed ||= repair.loss === true;
    current = withRepair(current, repair);
  }
  if (guessed) return { problems, repaired: undefined };
  while (problems.length < MOST && !isLarge(current)) {
    const repair = misread(current);
    if (!repair) break;
    problems.push(problemOf(repair));
    current = withRepair(current, repair);
  }
  return { problems, repaired: current };
}

function problemOf({ line, text, expected, got, column, loss = false }: LineRepair): Found {
  return {
    rule: 'AF-SITE-03',
    path: [],
    line,
    column,
    expected,
    got,
    fix: { kind: 'line', line, text, guess: loss },
  };
}

interface Outcome {
  readonly repair: LineRepair;
  /** Line of the first complaint that is left. */
  readonly next: number;
  /** Complaints of the schema, if the whole file is YAML now: the right repair makes a better site than a wrong one. */
  readonly odd: number;
}

function bestRepair(source: YamlSource, error: YAMLError): LineRepair | undefined {
  const at = source.position(error.pos[0]).line;
  let best: Outcome | undefined;
  for (const repair of candidates(source.text.split('\n'), at, error).slice(
    0,
    isLarge(source) ? 1 : undefined,
  )) {
    const result = outcome(source, repair);
    if (result.next <= Math.max(at, repair.line)) continue;
    if (!best || result.next > best.next || (result.next === best.next && result.odd < best.odd))
      best = result;
    if (best.next === Infinity && best.odd === 0) break;
  }
  return best?.repair;
}

const isLarge = ({ text }: YamlSource) => text.length > LARGE;

/** Repairs of the line of a complaint, of its neighbours and of what was left open before it; at last the line goes. */
function candidates(lines: readonly string[], at: number, error: YAMLError): LineRepair[] {
  const text = (line: number) => lines[line - 1] ?? '';
  const numbers = lines.map((_, index) => index + 1).filter((line) => /^\s*[^\s#]/.test(text(line)));
  const before = numbers.filter((line) => line < at);
  const after = numbers.find((line) => line > at);
  const near = [at, before.at(-1), after].filter((line) => line !== undefined);
  const around = [...new Set([...near, ...begins(before, text, at)])];
  const open = before.toReversed().flatMap((line) => openEnds(lines, line));
  const { expected, got } = words(error);
  const away = near.map((line) => ({
    line,
    text: undefined,
    expected,
    got,
    column: indent(text(line)),
    loss: true,
  }));
  const all = [...open, ...around.flatMap((line) => lineRepairs(lines, line)), ...away];
  const texts = new Set<string>();
  return all.filter(
    ({ line, text: repaired }) => texts.size < texts.add(`${String(line)} ${repaired ?? ''}`).size,
  );
}

/** Where the mapping or the list begins that a line continues, and the line before: its first line may be what is wrong. */
function begins(before: readonly number[], text: (line: number) => string, at: number): readonly number[] {
  const width = indent(text(at));
  const isEntry = (line: number) => text(line).trimStart().startsWith('- ');
  const end = before.findLastIndex(
    (line) => indent(text(line)) < width || (isEntry(at) && indent(text(line)) === width && !isEntry(line)),
  );
  return before.slice(Math.max(end, 0), end + 2);
}

function outcome(source: YamlSource, repair: LineRepair): Outcome {
  const repaired = withRepair(source, repair);
  const error = repaired.firstError();
  if (error) return { repair, next: repaired.position(error.pos[0]).line, odd: 0 };
  const loss = repair.loss === true ? LOSS : 0;
  return { repair, next: Infinity, odd: complaints(repaired).length + loss };
}

const withRepair = (source: YamlSource, { line, text }: LineRepair) => source.withLine(line, text ?? '');

/** The part that the mistake is in goes, or everything, where no repair of a line helps. */
function unknownMistake(source: YamlSource, error: YAMLError): Found {
  const position = source.position(error.pos[0]);
  const lines = source.text.split('\n');
  const parts = lines.flatMap((line, index) =>
    /^[^\s#]/.test(line) && index < position.line ? [index + 1] : [],
  );
  const isYaml = (from: number) => !YamlSource.parse(lines.slice(0, from - 1).join('\n')).firstError();
  const from = parts.slice(-2).reverse().find(isYaml) ?? 1;
  return { rule: 'AF-SITE-03', path: [], ...position, ...words(error), fix: { kind: 'cut', from } };
}

const EXPECTED: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'the same indentation for all entries of a mapping or list',
  BLOCK_AS_IMPLICIT_KEY: 'one "key: value" in a line',
  MISSING_CHAR: 'a quote, bracket, comma or colon that is missing here',
  MULTILINE_IMPLICIT_KEY: 'a colon after the key',
  BAD_SCALAR_START: 'quotes around text that begins with a special character',
};

function words(error: YAMLError): { expected: string; got: string } {
  const got = error.message.replace(/\s+at line \d+.*$/s, '').replace(/\s+/g, ' ');
  return { expected: EXPECTED[error.code] ?? 'YAML', got: `what the YAML parser says: ${got}` };
}

function indent(line: string): number {
  return line.length - line.trimStart().length + 1;
}
