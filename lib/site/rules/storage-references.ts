import type { Finding, Fix, Path } from '../problem';
import type { SiteRule } from '../rule';
import { unknownReference } from './reference';

export const storageReferences: SiteRule = {
  id: 'AF-REF-05',
  why: 'A claim for a class that does not exist stays Pending for ever, and a job that does not exist backs nothing up.',
  check({ storage, htcondor, experiments }) {
    const classes = storage?.longhorn.classes ?? [];
    const jobs = (storage?.longhorn.backup?.jobs ?? []).map(({ name }) => name);
    const known = experiments.map(({ name }) => name);
    const aClass = (name: string, path: Path): Finding[] => {
      const otherwise: Fix = {
        kind: 'add',
        path: ['storage'],
        value: { longhorn: { classes: [{ name, replicas: 2, default: true }] } },
        example: true,
      };
      const candidates = classes.map((each) => each.name);
      return unknownReference({ name, path, candidates, what: 'a storage class', otherwise });
    };
    const entry = (name: string, path: Path, candidates: readonly string[], what: string) =>
      unknownReference({ name, path, candidates, what, otherwise: { kind: 'remove', path } });
    const home = storage?.home;
    return [
      ...classes.flatMap(({ backup }, index) =>
        backup.flatMap((job, position) =>
          entry(
            job,
            ['storage', 'longhorn', 'classes', index, 'backup', position],
            jobs,
            'a job of storage.longhorn.backup',
          ),
        ),
      ),
      ...(home ? aClass(home.class, ['storage', 'home', 'class']) : []),
      ...(storage?.shared ?? []).flatMap((volume, index) => [
        ...aClass(volume.class, ['storage', 'shared', index, 'class']),
        ...volume.experiments.flatMap((name, position) =>
          entry(name, ['storage', 'shared', index, 'experiments', position], known, 'an experiment'),
        ),
      ]),
      ...(htcondor?.accessPoints ?? []).flatMap(({ spool }, index) =>
        aClass(spool.class, ['htcondor', 'accessPoints', index, 'spool', 'class']),
      ),
    ];
  },
};
