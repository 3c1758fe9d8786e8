import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const seccompProfiles: SiteRule = {
  id: 'AF-HTC-10',
  why: 'Groups of workers on the same nodes that name two seccomp profiles mean the same file: where one of the names is wrong, its workers never start.',
  check: ({ htcondor }) =>
    (htcondor?.executePools ?? []).flatMap(({ pool, apptainer }, index, all): Finding[] => {
      const first = all.find((other) => other.pool === pool && other.apptainer);
      if (!apptainer || !first?.apptainer) return [];
      const { seccompProfile } = first.apptainer;
      if (seccompProfile === apptainer.seccompProfile) return [];
      const path = ['htcondor', 'executePools', index, 'apptainer', 'seccompProfile'];
      return [
        {
          path,
          expected: `${JSON.stringify(seccompProfile)}, the profile of ${first.name} on the same nodes`,
          got: JSON.stringify(apptainer.seccompProfile),
          fix: { kind: 'set', path, value: seccompProfile },
        },
      ];
    }),
};
