import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import { storageNodes } from '../storage-plan';

export const needsStorageNodes: SiteRule = {
  id: 'AF-CAP-01',
  why: 'Longhorn without a disk provisions nothing: every claim stays Pending.',
  check({ nodePools, storage }): Finding[] {
    // A pool with the role but without a disk is told so by AF-REF-03.
    if (
      !storage ||
      nodePools.some(({ roles, longhornDisks }) => roles.includes('storage') || longhornDisks.length > 0)
    )
      return [];
    const candidates = [
      nodePools.findIndex(({ roles }) => roles.includes('core')),
      nodePools.findIndex(({ gpu }) => !gpu),
    ];
    const index = candidates.find((at) => at >= 0) ?? 0;
    const path = ['nodePools', index, 'roles'];
    const value = [...(nodePools[index]?.roles ?? []), 'storage'];
    const expected = 'a pool with the role storage and longhornDisks, because storage.longhorn is there';
    return [
      {
        path,
        expected,
        got: 'no pool with a disk',
        before: 'choose the nodes that have disks for it',
        fix: { kind: 'set', path, value },
      },
    ];
  },
};

export const replicasFit: SiteRule = {
  id: 'AF-CAP-02',
  why: 'Replicas of a volume are on different nodes: with fewer storage nodes than replicas every volume is degraded for ever.',
  check({ nodePools, storage }) {
    const nodes = storageNodes(nodePools);
    return (storage?.longhorn.classes ?? []).flatMap(({ replicas }, index): Finding[] => {
      if (nodes === 0 || replicas <= nodes) return [];
      const path = ['storage', 'longhorn', 'classes', index, 'replicas'];
      const expected = `at most ${String(nodes)}, the number of storage nodes`;
      return [{ path, expected, got: String(replicas), fix: { kind: 'set', path, value: nodes } }];
    });
  },
};

export const spoolSurvives: SiteRule = {
  id: 'AF-CAP-03',
  why: 'The spool is the queue: with one replica the loss of a node loses every job in it.',
  check({ nodePools, storage, htcondor }) {
    const classes = storage?.longhorn.classes ?? [];
    if (storageNodes(nodePools) < 2) return [];
    const safe = classes.find(({ replicas }) => replicas > 1);
    return (htcondor?.accessPoints ?? []).flatMap(({ spool }, index): Finding[] => {
      const chosen = classes.findIndex(({ name }) => name === spool.class);
      if (chosen < 0 || (classes[chosen]?.replicas ?? 0) > 1) return [];
      const path = ['htcondor', 'accessPoints', index, 'spool', 'class'];
      return [
        {
          path,
          expected: 'a class with two replicas or more, because there are two storage nodes or more',
          got: `${JSON.stringify(spool.class)} with one`,
          fix: safe
            ? { kind: 'set', path, value: safe.name }
            : { kind: 'set', path: ['storage', 'longhorn', 'classes', chosen, 'replicas'], value: 2 },
        },
      ];
    });
  },
};

export const oneDiskPath: SiteRule = {
  id: 'AF-CAP-04',
  why: 'Longhorn makes its disks at one path on every node: a disk that is mounted elsewhere stays empty.',
  check({ nodePools }) {
    const disks = nodePools.flatMap((pool, index) =>
      pool.longhornDisks.map((disk, position) => ({
        disk,
        path: ['nodePools', index, 'longhornDisks', position] as const,
      })),
    );
    const [first] = disks;
    const plain = (path: string) => path.replace(/\/$/, '');
    return disks.flatMap(({ disk, path }): Finding[] => {
      if (!first || (path[3] === 0 && plain(disk.path) === plain(first.disk.path))) return [];
      if (path[3] > 0) {
        return [
          {
            path,
            expected: 'one disk a node',
            got: `disk ${String(path[3] + 1)}`,
            fix: { kind: 'remove', path },
          },
        ];
      }
      const at = [...path, 'path'];
      const expected = `the path of the other disks, ${JSON.stringify(first.disk.path)}`;
      return [
        {
          path: at,
          expected,
          got: JSON.stringify(disk.path),
          fix: { kind: 'set', path: at, value: first.disk.path },
        },
      ];
    });
  },
};
