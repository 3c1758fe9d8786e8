import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import YAML from 'yaml';
import { readPrograms } from './commands/read-programs';
import { parseSite } from './site/parse';
import { synthesise } from './synthesise';

/** Who searches raises it: 400 take a minute. */
const RUNS = 30;

type Holder = Record<string, unknown>;

/** Every value of a file, as what it is in and its key there. */
function* places(value: unknown): Generator<readonly [Holder, string]> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Holder;
  for (const key of Object.keys(holder)) {
    yield [holder, key];
    yield* places(holder[key]);
  }
}

interface Edit {
  readonly kind: 'remove' | 'change';
  /** Where, and which of the texts with the same key is taken: as a share of all. */
  readonly at: number;
  readonly from: number;
  readonly by: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('remove', 'change'),
  at: share,
  from: share,
  by: fc.integer({ min: -2, max: 2 }),
});

function apply(site: unknown, { kind, at, from, by }: Edit): void {
  const all = [...places(site)];
  const [holder, key] = all[Math.floor(at * all.length)] ?? [{}, ''];
  if (kind === 'remove') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
    return;
  }
  const alike = all.filter(([, name]) => name === key).map(([other]) => other[key]);
  const value = holder[key];
  if (typeof value === 'number') holder[key] = value + by;
  if (typeof value === 'boolean') holder[key] = !value;
  if (typeof value === 'string') holder[key] = alike[Math.floor(from * alike.length)];
}

test('what the rules let through, the checks let pass', () => {
  const programs = readPrograms();
  const file = path.join(__dirname, 'site', 'fixtures', 'good', 'full.yaml');
  const text = readFileSync(file, 'utf8');
  let passed = 0;
  fc.assert(
    fc.property(edit, (change) => {
      const site: unknown = YAML.parse(text);
      apply(site, change);
      const bytes = new TextEncoder().encode(YAML.stringify(site, { aliasDuplicateObjects: false }));
      const parsed = parseSite({ file, folder: 'full', bytes });
      if (!('site' in parsed)) return;
      passed++;
      expect(synthesise(parsed.site, programs).checks.flatMap(({ findings }) => findings)).toEqual([]);
    }),
    { seed: 20_260_103, numRuns: RUNS },
  );
  expect(passed).toBeGreaterThan(RUNS / 20);
});
