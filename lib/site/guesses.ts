import type { Path } from './problem';

/** Paths whose values the file does not say: an example or a bound stands there, so that the rest can be looked at. */
export type Guesses = readonly Path[];

/** Looks at a value, and drops what was found if a guess was read on the way: it would only mislead the admin. */
export function withoutGuesses<T extends object, R>(
  value: T,
  guesses: Guesses,
  look: (value: T) => readonly R[],
): readonly R[] {
  const misled = new Set<string | symbol>();
  const found = look(watched(value, guesses, misled));
  return misled.size > 0 ? [] : found;
}

/** The value as it is, but the keys of guesses that are read are put down. */
function watched<T extends object>(value: T, guesses: Guesses, read: Set<string | symbol>): T {
  const seen = new Map<string | symbol, unknown>();
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      const below = guesses.filter(([step]) => String(step) === key).map((path) => path.slice(1));
      if (below.some((path) => path.length === 0)) read.add(key);
      if (below.length === 0 || typeof inner !== 'object' || inner === null) return inner;
      // The same object each time, because rules compare them.
      if (!seen.has(key)) seen.set(key, watched(inner, below, read));
      return seen.get(key);
    },
  });
}
