import type { Finding, Path } from '../problem';
import { siteRule } from '../rule';

type Named = readonly { readonly name: string }[];

function repeated(items: Named, path: Path, key = 'name'): Finding[] {
  const taken = new Set(items.map((item) => item.name));
  return items.flatMap(({ name }, index) => {
    const first = items.findIndex((other) => other.name === name);
    if (first === index) return [];
    let count = 2;
    while (taken.has(`${name}-${String(count)}`)) count++;
    const at = [...path, index, key];
    return [
      {
        path: at,
        expected: `a name that is not taken; entry ${String(first + 1)} has it already`,
        got: JSON.stringify(name),
        fix: { kind: 'set', path: at, value: `${name}-${String(count)}` },
      },
    ];
  });
}

export const uniqueNames = siteRule({
  id: 'AF-REF-01',
  why: 'A name that two things share does not say which is meant, and their objects would overwrite each other.',
  reads: ['nodePools', 'experiments', 'certificates', 'storage', 'images', 'htcondor', 'jupyterhub', 'spark'],
  check: ({ nodePools, experiments, certificates, storage, images, htcondor, jupyterhub, spark }) => [
    ...repeated(nodePools, ['nodePools']),
    ...repeated(experiments, ['experiments']),
    ...repeated(certificates?.issuers ?? [], ['certificates', 'issuers']),
    ...repeated(storage?.longhorn.classes ?? [], ['storage', 'longhorn', 'classes']),
    ...repeated(storage?.longhorn.backup?.jobs ?? [], ['storage', 'longhorn', 'backup', 'jobs']),
    ...repeated(storage?.shared ?? [], ['storage', 'shared']),
    ...repeated(htcondor?.accessPoints ?? [], ['htcondor', 'accessPoints']),
    ...repeated(htcondor?.executePools ?? [], ['htcondor', 'executePools']),
    ...repeated(images, ['images']),
    ...repeated(spark?.experiments ?? [], ['spark', 'experiments']),
    ...repeated(
      (jupyterhub?.profiles ?? []).map(({ slug }) => ({ name: slug })),
      ['jupyterhub', 'profiles'],
      'slug',
    ),
  ],
});
