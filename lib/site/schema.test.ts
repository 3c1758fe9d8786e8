import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { fieldFacts } from './field';
import { SiteSchema } from './schema';
import { keysAt, valueAt, variantNames } from './schema-at';

interface Field {
  /** `nodePools[].gpu.sharing(mig).layout` */
  readonly path: string;
  readonly schema: z.ZodType;
}

/** Every schema inside another, with its wrappers taken off. */
function* fields(schema: unknown, at: string): Generator<Field> {
  if (!(schema instanceof z.ZodType)) return;
  yield { path: at, schema };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    yield* fields(schema.unwrap(), at);
  } else if (schema instanceof z.ZodPipe) {
    yield* fields(schema.in, at);
  } else if (schema instanceof z.ZodObject) {
    for (const [key, value] of Object.entries(schema.shape))
      yield* fields(value, at === '' ? key : `${at}.${key}`);
  } else if (schema instanceof z.ZodArray) {
    yield* fields(schema.element, `${at}[]`);
  } else if (schema instanceof z.ZodRecord) {
    yield* fields(schema.keyType, `${at}<key>`);
    yield* fields(schema.valueType, `${at}.*`);
  } else if (schema instanceof z.ZodDiscriminatedUnion) {
    const names = variantNames(schema)?.names ?? [];
    for (const [index, option] of schema.options.entries())
      yield* fields(option, `${at}(${names[index] ?? ''})`);
  }
}

const all = [...fields(SiteSchema, '')];
const described = all.filter(({ schema }) => fieldFacts.has(schema));

test('the example of every field is valid', () => {
  const wrong = described.filter(
    ({ schema }) =>
      !(schema instanceof z.ZodNever) && !schema.safeParse(fieldFacts.get(schema)?.example).success,
  );
  expect(wrong.map((field) => field.path)).toEqual([]);
  expect(described.length).toBeGreaterThan(200);
});

test('every field has a description, an example and what errors expect', () => {
  const known = new Set(described.map((field) => field.path));
  const silent = all.filter(({ path: at, schema }) => {
    const isForm = at.endsWith(')') || schema instanceof z.ZodLiteral;
    return at !== '' && !isForm && !known.has(at);
  });
  expect(silent.map((field) => field.path)).toEqual([]);
  for (const { schema } of described) {
    expect(schema.meta()?.description?.length).toBeGreaterThan(3);
    expect(fieldFacts.get(schema)?.expected).not.toBe('');
  }
});

/** Values at a path of the schema, in every entry of every list, and in the form of a variant only. */
function valuesAt(data: unknown, at: string): unknown[] {
  const steps = at.match(/\[\]|\([^)]*\)|[^.[\]()]+/g) ?? [];
  return steps.reduce<unknown[]>((values, step) => values.flatMap((value) => next(value, step)), [data]);
}

function next(value: unknown, step: string): unknown[] {
  if (step === '[]') return Array.isArray(value) ? value.map((item: unknown) => item) : [];
  const children = keysAt(value, []).map((key) => valueAt(value, [key]));
  if (step === '*') return children;
  if (step.startsWith('(')) return children.includes(step.slice(1, -1)) ? [value] : [];
  const child = valueAt(value, [step]);
  return child === undefined ? [] : [child];
}

test('the good sites set every field of the schema, in every form that it has', () => {
  const folder = path.join(__dirname, 'fixtures', 'good');
  const sites = readdirSync(folder).map((file): unknown =>
    parse(readFileSync(path.join(folder, file), 'utf8').replace('\uFEFF', '')),
  );
  const paths = [...new Set(all.map((field) => field.path))].filter(
    (at) => at !== '' && !at.endsWith('<key>') && !at.startsWith('storage.longhorn.settings.'),
  );
  expect(paths.filter((at) => sites.every((site) => valuesAt(site, at).length === 0))).toEqual([]);
  expect(paths.length).toBeGreaterThan(150);
});

test('an unknown key is refused in every mapping', () => {
  const open = all.filter(
    ({ schema }) => schema instanceof z.ZodObject && !(schema.def.catchall instanceof z.ZodNever),
  );
  expect(open.map((field) => field.path)).toEqual([]);
});
