/** Reading of plain objects whose fields may be anything: a step that is not there gives nothing. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((current, key) => (isFields(current) ? current[key] : undefined), value);
}

/** The mappings in a list at a path. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly Fields[] {
  const list = at(value, ...keys);
  return Array.isArray(list) ? list.filter(isFields) : [];
}

/** The texts in a list at a path. */
export function textsAt(value: unknown, ...keys: readonly string[]): readonly string[] {
  const list = at(value, ...keys);
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** The text at a path. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/** The entries with a text as value of the mapping at a path. */
export function labelsAt(value: unknown, ...keys: readonly string[]): Readonly<Record<string, string>> {
  const found = at(value, ...keys);
  if (!isFields(found)) return {};
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
}

/** Every mapping inside a value, itself included. */
export function* everyMapping(value: unknown): Generator<Fields> {
  if (Array.isArray(value)) for (const item of value) yield* everyMapping(item);
  if (!isFields(value)) return;
  yield value;
  for (const inner of Object.values(value)) yield* everyMapping(inner);
}
