import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const storageRoles: SiteRule = {
  id: 'AF-REF-03',
  why: 'The role decides where Longhorn makes disks: a disk without it is never used, a role without a disk promises space that is not there.',
  check: ({ nodePools }) =>
    nodePools.flatMap(({ roles, longhornDisks }, index): Finding[] => {
      const storage = roles.includes('storage');
      if (storage && longhornDisks.length === 0) {
        const path = ['nodePools', index, 'longhornDisks'];
        const value = [{ path: '/var/lib/longhorn', size: '1000Gi' }];
        return [
          {
            path,
            expected: 'at least one disk, because of the role storage',
            got: 'nothing',
            fix: { kind: 'add', path, value, example: true },
          },
        ];
      }
      if (!storage && longhornDisks.length > 0) {
        const path = ['nodePools', index, 'roles'];
        return [
          {
            path,
            expected: 'the role storage, because of longhornDisks',
            got: roles.join(', '),
            fix: { kind: 'set', path, value: [...roles, 'storage'] },
          },
        ];
      }
      return [];
    }),
};
