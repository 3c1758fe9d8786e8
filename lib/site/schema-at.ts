import { z } from 'zod';
import { fieldFacts, type FieldFacts } from './field';
import type { Path } from './problem';

/** A place in the schema: the schema without its wrappers, and what is known of the field. */
export interface SchemaPlace {
  readonly schema: z.ZodType;
  readonly facts: FieldFacts | undefined;
  /** Whether it may be absent. */
  readonly optional: boolean;
}

/** Finds the schema of a place; `data` decides between the forms of a variant. */
export function schemaAt(root: z.ZodType, path: Path, data: unknown): SchemaPlace | undefined {
  let place: SchemaPlace | undefined = unwrap(root);
  let value = data;
  for (const step of path) {
    place = place && child(place.schema, step, value);
    value = valueAt(value, [step]);
  }
  return place;
}

/** Keys that a mapping may have. */
export function knownKeys(schema: z.ZodType, value: unknown): readonly string[] {
  const form = schema instanceof z.ZodDiscriminatedUnion ? formOf(schema, value) : schema;
  return form instanceof z.ZodObject ? Object.keys(form.shape) : [];
}

/** Values of the key that tells the forms of a variant apart. */
export function variantNames(
  schema: z.ZodType,
): { readonly key: string; readonly names: readonly string[] } | undefined {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const key = schema.def.discriminator;
  return { key, names: schema.options.flatMap((option) => literals(option, key)) };
}

export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return value;
}

/** Keys of the mapping at a path; none where there is no mapping. */
export function keysAt(data: unknown, path: Path): readonly string[] {
  const holder = valueAt(data, path);
  return typeof holder === 'object' && holder !== null ? Object.keys(holder) : [];
}

function child(schema: z.ZodType, step: string | number, value: unknown): SchemaPlace | undefined {
  if (schema instanceof z.ZodArray) return unwrap(schema.element);
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType);
  const form = schema instanceof z.ZodDiscriminatedUnion ? formOf(schema, value) : schema;
  if (!(form instanceof z.ZodObject) || !Object.hasOwn(form.shape, step)) return undefined;
  return unwrap(form.shape[step]);
}

function formOf(schema: z.ZodDiscriminatedUnion, value: unknown): unknown {
  const key = schema.def.discriminator;
  const chosen = valueAt(value, [key]);
  return (
    schema.options.find((option) => literals(option, key).some((literal) => literal === chosen)) ??
    schema.options[0]
  );
}

function literals(option: unknown, key: string): readonly string[] {
  const literal: unknown = option instanceof z.ZodObject ? option.shape[key] : undefined;
  return literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [];
}

function unwrap(schema: unknown, facts?: FieldFacts, optional = false): SchemaPlace | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const known = facts ?? fieldFacts.get(schema);
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  if (wrapped) return unwrap(schema.unwrap(), known, true);
  if (schema instanceof z.ZodPipe && !known) return unwrap(schema.in, known, optional);
  return { schema, facts: known, optional };
}
