import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import type { Site } from '../schema';
import { ACCESS_POINT_NAME } from '../schema/access-point';

type Named = readonly { readonly name: string }[];

/** The name with a number behind it, which no other has; cut where it would be longer than any name may be. */
function free(name: string, taken: ReadonlySet<string>, longest: number): string {
  let count = 2;
  const numbered = () => {
    const end = `-${String(count)}`;
    return `${name.slice(0, longest - end.length).replace(/-+$/, '')}${end}`;
  };
  while (taken.has(numbered())) count++;
  return numbered();
}

function repeated(items: Named, path: Path, { key = 'name', longest = ACCESS_POINT_NAME } = {}): Finding[] {
  const taken = new Set(items.map((item) => item.name));
  return items.flatMap(({ name }, index) => {
    const first = items.findIndex((other) => other.name === name);
    if (first === index) return [];
    const at = [...path, index, key];
    return [
      {
        path: at,
        expected: `a name that is not taken; entry ${String(first + 1)} has it already`,
        got: JSON.stringify(name),
        fix: { kind: 'set', path: at, value: free(name, taken, longest) },
      },
    ];
  });
}

/** Of an access point that clients outside reach there is a second Service, with an ending. */
function besideOutside(points: NonNullable<Site['htcondor']>['accessPoints']): Finding[] {
  const taken = new Set(points.map(({ name }) => name));
  return points.flatMap(({ name }, index): Finding[] => {
    const other = points.find((point) => point.external && `${point.name}-external` === name);
    if (!other) return [];
    const path = ['htcondor', 'accessPoints', index, 'name'];
    const value = free(name, taken, ACCESS_POINT_NAME);
    const expected = `another name: the port of ${other.name} outside is the Service access-point-${name}`;
    return [{ path, expected, got: JSON.stringify(name), fix: { kind: 'set', path, value } }];
  });
}

/** An entry that speaks of something with a name: a second one has no other thing to speak of. */
function twice(items: Named, path: Path): Finding[] {
  return repeated(items, path).map((finding) => ({
    ...finding,
    fix: { kind: 'remove', path: finding.path.slice(0, -1) },
  }));
}

export const uniqueNames: SiteRule = {
  id: 'AF-REF-01',
  why: 'A name that two things share does not say which is meant, and their objects would overwrite each other.',
  check: ({ nodePools, experiments, certificates, storage, images, htcondor, jupyterhub, spark }) => [
    ...repeated(nodePools, ['nodePools']),
    ...repeated(experiments, ['experiments'], { longest: 20 }),
    ...repeated(certificates?.issuers ?? [], ['certificates', 'issuers']),
    ...repeated(storage?.longhorn.classes ?? [], ['storage', 'longhorn', 'classes']),
    ...repeated(storage?.longhorn.backup?.jobs ?? [], ['storage', 'longhorn', 'backup', 'jobs']),
    ...repeated(storage?.shared ?? [], ['storage', 'shared']),
    ...repeated(htcondor?.accessPoints ?? [], ['htcondor', 'accessPoints']),
    ...besideOutside(htcondor?.accessPoints ?? []),
    ...repeated(htcondor?.executePools ?? [], ['htcondor', 'executePools']),
    ...repeated(images, ['images']),
    ...twice(spark?.experiments ?? [], ['spark', 'experiments']),
    ...repeated(
      (jupyterhub?.profiles ?? []).map(({ slug }) => ({ name: slug })),
      ['jupyterhub', 'profiles'],
      { key: 'slug' },
    ),
  ],
};
