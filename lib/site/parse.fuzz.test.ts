import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parseSite } from './parse';
import { problemText } from './problem';

interface Edit {
  readonly kind: 'delete' | 'insert' | 'replace' | 'swap';
  /** Where, as a share of the text. */
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const PIECES = [
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ':',
  ': ',
  ',',
  '-',
  '- ',
  '#',
  '&a',
  '*a',
  '<<: ',
  '!',
  '|',
  '>',
  '%',
  '\t',
  '\n',
];
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('delete', 'insert', 'replace', 'swap'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 12 }),
  text: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4, unit: 'binary' })),
});

function apply(text: string, { kind, at, length, text: piece }: Edit): string {
  const start = Math.floor(at * text.length);
  if (kind === 'swap') {
    const lines = text.split('\n');
    const [a, b] = [
      Math.floor(at * (lines.length - 1)),
      (Math.floor(at * (lines.length - 1)) + 1 + length) % lines.length,
    ];
    return lines
      .with(a, lines[b] ?? '')
      .with(b, lines[a] ?? '')
      .join('\n');
  }
  const end = kind === 'insert' ? start : start + length;
  return text.slice(0, start) + (kind === 'delete' ? '' : piece) + text.slice(end);
}

test.each([
  ['minimal.yaml', 150],
  ['full.yaml', 15],
])('a damaged %s is a site, or has problems at places that are there', (file, numRuns) => {
  const original = readFileSync(path.join(__dirname, 'fixtures', 'good', file), 'utf8');
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const text = edits.reduce(apply, original);
      const folder = path.basename(file, '.yaml');
      const parsed = parseSite({ file, folder, bytes: new TextEncoder().encode(text) });
      if ('site' in parsed) return;
      const lines = new TextDecoder().decode(new TextEncoder().encode(text)).split(/\r\n?|\n/);
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const problem of parsed.problems) {
        expect(lines[problem.line - 1]?.length).toBeGreaterThanOrEqual(problem.column - 1);
        expect(problemText(problem)).not.toMatch(/undefined|\[object|NaN/);
      }
    }),
    { seed: 20_260_101, numRuns },
  );
});

test('bytes that are no text are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      expect(parseSite({ file: 'site.yaml', folder: 'x', bytes })).toHaveProperty('problems');
    }),
    { seed: 20_260_102, numRuns: 200 },
  );
});
