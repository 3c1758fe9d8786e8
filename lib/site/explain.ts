import { z } from 'zod';
import { byDistance, nearest, similar } from './nearest';
import type { Finding, Fix, Path } from './problem';
import { keysAt, schemaAt, valueAt, variantNames, type SchemaPlace } from './schema-at';
import { referred } from './referred';
import { exampleOf, respelledKey, suggest } from './suggest';
import { unknownKey } from './unknown-key';
import type { YamlSource } from './yaml-source';

/** A finding of the field rules, with the rule's id. */
export interface FieldFinding extends Finding {
  readonly rule: string;
  readonly at: 'key' | 'value';
  /** Whether the fix is certainly what was meant, so that the file can be looked at as if it were made. */
  readonly sure?: boolean;
}

export interface Context {
  readonly root: z.ZodType;
  readonly data: unknown;
  readonly source: YamlSource;
}

/** Says in the admin's words what the schema refused. */
export function explain(issue: z.core.$ZodIssue, context: Context): FieldFinding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknown([...path, key], issue.keys, context));
  if (issue.code === 'invalid_key') return [wrongKey(path, context)];
  const value = valueAt(context.data, path);
  if (value === undefined) return [missing(path, context)];
  const asked = issue.code === 'custom' ? params(issue.params) : {};
  if (asked.twice !== undefined) return [twice(path, value, asked.twice)];
  return [wrongValue(issue, path, value, context, asked)];
}

/** What a check of our own says beside its refusal. */
interface Asked {
  readonly expected?: string;
  readonly instead?: unknown;
  readonly twice?: number;
}

function params({ expected, instead, twice: first }: Readonly<Record<string, unknown>> = {}): Asked {
  return {
    instead,
    ...(typeof expected === 'string' ? { expected } : {}),
    ...(typeof first === 'number' ? { twice: first } : {}),
  };
}

function unknown(path: Path, others: readonly string[], { root, data }: Context): FieldFinding {
  const key = String(path.at(-1));
  const { known, fix, sure } = unknownKey(root, data, path, others);
  const near = known.length <= 15 ? known : byDistance(key, known).slice(0, 5);
  const rest = known.length <= 15 ? '' : `, … (${String(known.length)} in all)`;
  return {
    rule: 'AF-SITE-06',
    at: 'key',
    path,
    expected: `one of ${near.join(', ')}${rest}`,
    got: `the unknown key ${JSON.stringify(key)}`,
    fix,
    sure,
  };
}

function wrongKey(path: Path, { root, data }: Context): FieldFinding {
  const key = String(path.at(-1));
  const holder = schemaAt(root, path.slice(0, -1), data)?.schema;
  const place =
    holder instanceof z.ZodRecord && holder.keyType instanceof z.ZodType
      ? schemaAt(holder.keyType, [], key)
      : undefined;
  const to = place ? respelledKey(place.schema, key) : undefined;
  const isFree = to !== undefined && valueAt(data, [...path.slice(0, -1), to]) === undefined;
  return {
    rule: 'AF-SITE-09',
    at: 'key',
    path,
    expected: place?.facts?.expected ?? 'a valid key',
    got: `the key ${JSON.stringify(key)}`,
    fix: isFree ? { kind: 'rename', path, to } : { kind: 'remove', path },
  };
}

function missing(path: Path, { root, data }: Context): FieldFinding {
  const place = schemaAt(root, path, data);
  const holder = schemaAt(root, path.slice(0, -1), data);
  const forms = holder && variantNames(holder.schema);
  const found = { rule: 'AF-SITE-07', at: 'key', path, got: 'nothing' } as const;
  if (!forms || forms.key !== path.at(-1)) {
    const example = !(place?.schema instanceof z.ZodLiteral);
    const value = place && referred(path, place, data);
    const fix: Fix = { kind: 'add', path, value, example };
    return { ...found, expected: expectation(place), fix };
  }
  const keys = keysAt(data, path.slice(0, -1));
  const misspelled = keys.find((key) => isForm(key, valueAt(data, [...path.slice(0, -1), key]), forms));
  if (misspelled !== undefined) return renamed([...path.slice(0, -1), misspelled], forms.key);
  const stated = forms.names.find((name) => keys.includes(name));
  const value = stated ?? valueAt(holder.facts?.example, [forms.key]);
  const fix: Fix = { kind: 'add', path, value, example: stated === undefined };
  return { ...found, expected: `one of ${forms.names.join(', ')}`, fix, sure: stated !== undefined };
}

/** `typ: acme` or `kind: acme`, where `type` chooses the form. */
function isForm(
  key: string,
  value: unknown,
  forms: { readonly key: string; readonly names: readonly string[] },
): boolean {
  const isNear = nearest(key, [forms.key]) !== undefined || ['kind', 'type'].includes(key);
  return isNear && forms.names.includes(String(value));
}

function renamed(path: Path, to: string): FieldFinding {
  const got = `the unknown key ${JSON.stringify(path.at(-1))}`;
  return {
    rule: 'AF-SITE-06',
    at: 'key',
    path,
    expected: to,
    got,
    fix: { kind: 'rename', path, to },
    sure: true,
  };
}

function twice(path: Path, value: unknown, first: number): FieldFinding {
  const expected = `each entry once; entry ${String(first + 1)} is the same`;
  return {
    rule: 'AF-SITE-13',
    at: 'value',
    path,
    expected,
    got: typeof value === 'string' ? value : 'the same once more',
    fix: { kind: 'remove', path },
  };
}

function wrongValue(
  issue: z.core.$ZodIssue,
  path: Path,
  value: unknown,
  context: Context,
  asked: Asked,
): FieldFinding {
  const { root, data, source } = context;
  const place = schemaAt(root, path, data);
  const forms = formsOf(root, path, data);
  if (forms) return wrongForm(path, value, forms, source);
  const literal = place?.schema instanceof z.ZodLiteral && typeof value !== typeof exampleOf(place);
  const shape = value === null || literal || issue.code === 'invalid_type' || issue.code === 'invalid_union';
  const got = gotText(value, path, source, shape ? place : undefined);
  const found = {
    rule: shape ? 'AF-SITE-08' : 'AF-SITE-09',
    at: 'value',
    path,
    expected: asked.expected ?? expectation(place),
    got,
  } as const;
  const goes = place?.schema instanceof z.ZodNever || (value === null && place?.optional === true);
  if (!place || goes) return { ...found, fix: { kind: 'remove', path } };
  return {
    ...found,
    fix: { kind: 'set', path, ...suggest(place, value, source.scalarText(path)?.text, asked.instead) },
  };
}

interface Forms {
  readonly names: readonly string[];
  readonly usual: unknown;
}

/** The names of the forms of a variant, if the path is of the key that chooses between them. */
function formsOf(root: z.ZodType, path: Path, data: unknown): Forms | undefined {
  const holder = schemaAt(root, path.slice(0, -1), data);
  const forms = holder && variantNames(holder.schema);
  if (!forms || forms.key !== path.at(-1)) return undefined;
  return { names: forms.names, usual: valueAt(holder.facts?.example, [forms.key]) };
}

function wrongForm(path: Path, value: unknown, { names, usual }: Forms, source: YamlSource): FieldFinding {
  const meant = similar(String(value), names);
  const fix: Fix = { kind: 'set', path, value: meant ?? usual, example: meant === undefined };
  const [rule, expected] = ['AF-SITE-09', `one of ${names.join(', ')}`];
  return {
    rule,
    at: 'value',
    path,
    expected,
    got: gotText(value, path, source, undefined),
    fix,
    sure: meant !== undefined,
  };
}

function expectation(place: SchemaPlace | undefined): string {
  if (place?.facts) return place.facts.expected;
  return place?.schema instanceof z.ZodLiteral
    ? [...place.schema.values].map(String).join(' or ')
    : 'a value';
}

/** What is in the file, with the reason where the eye does not see it; `asked` where the type is wrong. */
function gotText(value: unknown, path: Path, source: YamlSource, asked: SchemaPlace | undefined): string {
  if (value === null) return 'nothing: there is no value after the colon';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${String(value.length)}`;
  if (typeof value === 'object') return 'a mapping';
  const scalar = source.scalarText(path);
  if (typeof value === 'string') {
    if (asked?.schema instanceof z.ZodObject && 'secret' in asked.schema.shape)
      return 'text that is not shown here';
    const safe = value.replace(/\/\/[^/@\s]*:[^/@\s]*@/, '//…@');
    const short = safe.length > 60 ? `${safe.slice(0, 57)}...` : safe;
    const looksOtherwise = scalar?.quoted === true && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(value);
    return `${JSON.stringify(short)}${asked ? ` (text${looksOtherwise ? ', because of the quotes' : ''})` : ''}`;
  }
  const written = scalar?.text ?? JSON.stringify(value);
  const reason = asked?.schema instanceof z.ZodString ? ', because it has no quotes' : '';
  if (typeof value === 'number') return asked ? `${written} (a number${reason})` : written;
  return asked ? `${written} (a truth value${reason})` : written;
}
