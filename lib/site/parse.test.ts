import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { decode } from './encoding';
import { FIELD_RULES } from './field-rules';
import { applyFix } from './fix';
import { parseSite } from './parse';
import { fixText, pathText, problemText, valueText, type Problem } from './problem';
import { SITE_RULES } from './rules';
import { YamlSource } from './yaml-source';

const FIXTURES = path.join(__dirname, 'fixtures');
const wrong = yamlFiles('wrong');
const good = yamlFiles('good');

function yamlFiles(folder: string): string[] {
  return readdirSync(path.join(FIXTURES, folder)).filter((file) => file.endsWith('.yaml'));
}

function bytesOf(folder: string, file: string): Uint8Array {
  return readFileSync(path.join(FIXTURES, folder, file));
}

/** Every wrong site is meant to be the one in the folder `perugia`. */
function problemsOf(bytes: Uint8Array): readonly Problem[] {
  const parsed = parseSite({ file: 'sites/perugia/site.yaml', folder: 'perugia', bytes });
  return 'problems' in parsed ? parsed.problems : [];
}

function textOf(bytes: Uint8Array): string {
  const decoded = decode(bytes);
  return 'text' in decoded ? decoded.text : new TextDecoder(decoded.encoding).decode(bytes);
}

const PROBLEMS = new Map(wrong.map((file) => [file, problemsOf(bytesOf('wrong', file))]));

/** The text that a fix is for: what is said of fields is true once the file is YAML. */
function textFor(problem: Problem, text: string, problems: readonly Problem[]): string {
  const isSyntax = ({ rule }: Problem) => rule === 'AF-SITE-03';
  if (isSyntax(problem)) return text;
  return [...problems]
    .filter(isSyntax)
    .reverse()
    .reduce((current, { fix }) => applyFix(current, fix), text);
}

/** Which problems a fix is about: a removed entry of a list gives its place to the next one, so both are counted. */
function count(problems: readonly Problem[], { rule, path: at }: Problem): { here: number; all: number } {
  const same = problems.filter((problem) => problem.rule === rule);
  return { here: same.filter((problem) => pathText(problem.path) === pathText(at)).length, all: same.length };
}

describe.each(wrong)('the wrong site %s', (file) => {
  const bytes = bytesOf('wrong', file);
  const problems = PROBLEMS.get(file) ?? [];

  test('gives the text beside it', () => {
    const expected = readFileSync(path.join(FIXTURES, 'wrong', file.replace(/yaml$/, 'txt')), 'utf8');
    expect(problems.map(problemText).join('\n')).toBe(expected);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('loses each problem by its printed fix', () => {
    for (const problem of problems) {
      const before = count(problems, problem);
      const after = count(
        problemsOf(
          new TextEncoder().encode(applyFix(textFor(problem, textOf(bytes), problems), problem.fix)),
        ),
        problem,
      );
      if (problem.path.length > 0 && after.here === 0) continue;
      expect({ fix: problemText(problem), left: after.all }).not.toEqual({
        fix: problemText(problem),
        left: before.all,
      });
      expect(after.all).toBeLessThan(before.all);
    }
  });

  test('says in each fix what then stands in the file', () => {
    for (const problem of problems) {
      const { fix, path: at } = problem;
      if (fix.kind !== 'set' && fix.kind !== 'add') continue;
      expect(fixText(fix, at)).toContain(valueText(fix.value));
      const fixed = YamlSource.parse(applyFix(textFor(problem, textOf(bytes), problems), fix));
      expect(fixed.node(fix.path)?.toJS(fixed.document)).toEqual(fix.value);
    }
  });

  test('has each problem at a place that is there', () => {
    const lines = textOf(bytes).split('\n');
    for (const { line, column } of problems) {
      expect(lines[line - 1]?.length).toBeGreaterThanOrEqual(column - 1);
    }
  });
});

describe('the wrong sites', () => {
  test('are as many as their texts', () => {
    const texts = readdirSync(path.join(FIXTURES, 'wrong')).filter((file) => file.endsWith('.txt'));
    expect(texts.map((file) => file.replace(/txt$/, 'yaml'))).toEqual(wrong);
    expect(wrong.length).toBeGreaterThan(100);
  });

  test('break every rule at least once', () => {
    const broken = new Set([...PROBLEMS.values()].flatMap((problems) => problems.map(({ rule }) => rule)));
    const known = [...Object.keys(FIELD_RULES), ...SITE_RULES.map(({ id }) => id)];
    expect([...broken].sort()).toEqual([...known].sort());
    expect(new Set(known).size).toBe(known.length);
  });
});

describe.each(good)('the good site %s', (file) => {
  test('raises nothing', () => {
    const parsed = parseSite({ file, folder: path.basename(file, '.yaml'), bytes: bytesOf('good', file) });
    expect('problems' in parsed ? parsed.problems.map(problemText).join('\n') : '').toBe('');
  });
});

test('a byte order mark and the line ends of Windows are taken', () => {
  const bytes = bytesOf('good', 'minimal.yaml');
  const windows = new TextEncoder().encode(`\uFEFF${textOf(bytes).replaceAll('\n', '\r\n')}`);
  const parse = (text: Uint8Array) => parseSite({ file: 'site.yaml', folder: 'minimal', bytes: text });
  expect(parse(windows)).toEqual(parse(bytes));
  expect(parse(windows)).toHaveProperty('site');
});

test('a file of a million brackets, or of more than a megabyte, is refused and not read', () => {
  for (const text of ['['.repeat(1_000_000), `a: ${'{a: '.repeat(100_000)}`, `a: ${'x'.repeat(1_100_000)}`]) {
    expect(problemsOf(new TextEncoder().encode(text))).toHaveLength(1);
  }
});

test('a line that nobody writes is not repaired', () => {
  const text = textOf(bytesOf('good', 'minimal.yaml'));
  const spoilt = (length: number) => text.replace('name: minimal', `name: [${'a, '.repeat(length)}a]]`);
  const fixes = [10, 1000].map((length) => problemsOf(new TextEncoder().encode(spoilt(length)))[0]?.got);
  expect(fixes).toEqual(['a ] that closes nothing', expect.stringContaining('the YAML parser says')]);
});

test('rules do not run on what a guessed fix would say', () => {
  const text = textOf(bytesOf('good', 'full.yaml')).replace('replicas: 3, default', 'replicas: -3, default');
  const parsed = parseSite({ file: 'site.yaml', folder: 'full', bytes: new TextEncoder().encode(text) });
  expect('problems' in parsed ? parsed.problems.map(({ rule }) => rule) : []).toEqual(['AF-SITE-09']);
});
