import { similar } from '../nearest';
import type { Finding, Fix, Path } from '../problem';

/** A name that should be the name of something else in the file. */
export interface Reference {
  readonly name: string;
  readonly path: Path;
  readonly candidates: readonly string[];
  /** What it should name, `a storage class`. */
  readonly what: string;
  /** What to do where there is nothing to name. */
  readonly otherwise: Fix;
}

/** A finding where a name refers to nothing; none where it does. */
export function unknownReference({ name, path, candidates, what, otherwise }: Reference): Finding[] {
  const [first] = candidates;
  if (candidates.includes(name)) return [];
  const got = JSON.stringify(name);
  if (first === undefined) return [{ path, expected: `${what}; there is none yet`, got, fix: otherwise }];
  const meant = similar(name, candidates);
  const fix: Fix = { kind: 'set', path, value: meant ?? first, example: meant === undefined };
  return [{ path, expected: `${what}: ${[...new Set(candidates)].join(', ')}`, got, fix }];
}
