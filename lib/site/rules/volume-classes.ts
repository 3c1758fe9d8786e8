import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import type { Site } from '../schema';

interface Use {
  readonly name: string;
  readonly path: Path;
  readonly what: string;
  /** Access that the volume needs, if it matters. */
  readonly access?: 'ReadWriteOnce' | 'ReadWriteMany';
}

type Volumes = Pick<Site, 'storage' | 'htcondor' | 'jupyterhub'>;

/** Every volume with the class that it asks for. */
function uses({ storage, htcondor, jupyterhub }: Volumes): Use[] {
  const database = jupyterhub?.hub.database.class;
  return [
    ...(storage?.home
      ? [{ name: storage.home.class, path: ['storage', 'home', 'class'], what: 'homes' }]
      : []),
    ...(storage?.shared ?? []).map(({ name, class: chosen }, index): Use => {
      return {
        name: chosen,
        path: ['storage', 'shared', index, 'class'],
        what: `the shared volume ${name}`,
        access: 'ReadWriteMany',
      };
    }),
    ...(htcondor?.accessPoints ?? []).map(({ name, spool }, index): Use => {
      const path = ['htcondor', 'accessPoints', index, 'spool', 'class'];
      return { name: spool.class, path, what: `the spool of ${name}`, access: 'ReadWriteOnce' };
    }),
    ...(database === undefined
      ? []
      : [
          {
            name: database,
            path: ['jupyterhub', 'hub', 'database', 'class'],
            what: 'the database of the hub',
            access: 'ReadWriteOnce' as const,
          },
        ]),
  ];
}

type StorageClass = NonNullable<Site['storage']>['longhorn']['classes'][number];

/** A finding where the class of a volume is not as it must be, with the class that is, or what the class must say. */
function unfit(site: Volumes, key: 'accessMode' | 'reclaimPolicy', wanted: (use: Use) => string | undefined) {
  const classes = site.storage?.longhorn.classes ?? [];
  return uses(site).flatMap((use): Finding[] => {
    const value = wanted(use);
    const at = classes.findIndex(({ name }) => name === use.name);
    const chosen = classes[at];
    if (!chosen || value === undefined || chosen[key] === value) return [];
    const fits = (other: StorageClass) =>
      other[key] === value && other.replicas >= chosen.replicas && other.reclaimPolicy === 'Retain';
    const better = classes.find(fits);
    return [
      {
        path: use.path,
        expected: `a class with ${key} ${value} for ${use.what}`,
        got: `${use.name}, with ${chosen[key]}`,
        fix: better
          ? { kind: 'set', path: use.path, value: better.name }
          : { kind: 'set', path: ['storage', 'longhorn', 'classes', at, key], value },
      },
    ];
  });
}

export const accessModes: SiteRule = {
  id: 'AF-REF-07',
  why: 'A volume that users on several nodes share must be ReadWriteMany; the queue of an access point and the database of the hub must not be on NFS.',
  check: (site) => unfit(site, 'accessMode', ({ access }) => access),
};

export const dataKept: SiteRule = {
  id: 'AF-DATA-01',
  why: 'With reclaimPolicy Delete the data is gone with the claim, and a claim is deleted by one wrong line.',
  check: (site) => unfit(site, 'reclaimPolicy', () => 'Retain'),
};
