import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const experimentGroups: SiteRule = {
  id: 'AF-REF-08',
  why: 'Where members and administrators are one group, every member is an administrator.',
  check: ({ experiments }) =>
    experiments.flatMap(({ groups }, index): Finding[] => {
      if (groups?.admins === undefined || groups.admins !== groups.members) return [];
      const path = ['experiments', index, 'groups', 'admins'];
      const fix = { kind: 'set', path, value: `${groups.members}/admins`, example: true } as const;
      return [{ path, expected: 'another group than members', got: JSON.stringify(groups.admins), fix }];
    }),
};
