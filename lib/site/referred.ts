import type { Path } from './problem';
import { valueAt, type SchemaPlace } from './schema-at';
import { exampleOf } from './suggest';

/** Where a site says the names that other fields refer to, by the name of these. */
const NAMED: Readonly<Record<string, Path>> = {
  pool: ['nodePools'],
  class: ['storage', 'longhorn', 'classes'],
  experiment: ['experiments'],
  image: ['images'],
};

/** The field's example, or a name of this site where the example would be one that nothing has. */
export function referred(path: Path, place: SchemaPlace, data: unknown): unknown {
  const example = exampleOf(place);
  const list = valueAt(data, NAMED[String(path.at(-1))] ?? []);
  // The class of CVMFS is its driver's.
  if (!Array.isArray(list) || path.includes('cvmfs')) return example;
  const names = list.map((_, index) => valueAt(list, [index, 'name']));
  return names.includes(example) ? example : (names.find((name) => typeof name === 'string') ?? example);
}
