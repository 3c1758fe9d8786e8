import { z } from 'zod';
import type { Fix, Path } from './problem';
import { byDistance, nearest, sameLetters } from './nearest';
import { keysAt, knownKeys, schemaAt, valueAt } from './schema-at';

/** What to do with a key that its mapping does not have. */
export interface UnknownKey {
  readonly known: readonly string[];
  readonly fix: Fix;
  /** Whether there is no doubt what was meant, so that its value can be looked at too. */
  readonly sure: boolean;
}

/** `others` are the unknown keys of the same mapping: only one of them can be what a known key was meant to be. */
export function unknownKey(
  root: z.ZodType,
  data: unknown,
  path: Path,
  others: readonly string[],
): UnknownKey {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1));
  const holder = valueAt(data, parent);
  const place = schemaAt(root, parent, data);
  const known = place ? knownKeys(place.schema, holder) : [];
  const free = known.filter((candidate) => valueAt(holder, [candidate]) === undefined);
  const spelled = free.find((candidate) => sameLetters(candidate, key));
  const to = spelled === undefined ? home(root, data, parent, key) : undefined;
  if (to) return { known, fix: { kind: 'move', path, to }, sure: true };
  const meant = spelled ?? nearest(key, free);
  const better =
    meant === undefined
      ? []
      : byDistance(
          meant,
          others.filter((other) => nearest(other, free) === meant),
        );
  if (meant === undefined || better[0] !== key) return { known, fix: { kind: 'remove', path }, sure: false };
  return { known, fix: { kind: 'rename', path, to: meant }, sure: true };
}

/** The mapping around, above or below that has a place for the key, if there is only one: the indentation is wrong. */
function home(root: z.ZodType, data: unknown, parent: Path, key: string): Path | undefined {
  const around = parent.map((_, index) => parent.slice(0, index));
  const below = keysAt(data, parent).map((name) => [...parent, name]);
  const fits = (path: Path) => {
    const holder = valueAt(data, path);
    const place = schemaAt(root, path, data);
    const isMapping = typeof holder === 'object' && holder !== null && !Array.isArray(holder);
    return (
      isMapping &&
      place !== undefined &&
      knownKeys(place.schema, holder).includes(key) &&
      valueAt(holder, [key]) === undefined
    );
  };
  const homes = [...around, ...below].filter(fits);
  return homes.length === 1 ? homes[0] : undefined;
}
