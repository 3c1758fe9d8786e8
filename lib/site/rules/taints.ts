import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const distinctTaints: SiteRule = {
  id: 'AF-REF-09',
  why: 'A node has at most one taint of a key and effect: of two, one is not there.',
  check: ({ nodePools }) =>
    nodePools.flatMap(({ taints }, pool) =>
      taints.flatMap(({ key, effect }, index): Finding[] => {
        const first = taints.findIndex((other) => other.key === key && other.effect === effect);
        if (first === index) return [];
        const path = ['nodePools', pool, 'taints', index];
        const expected = `one taint of a key and effect; entry ${String(first + 1)} is ${key}:${effect} too`;
        return [{ path, expected, got: `${key}:${effect} again`, fix: { kind: 'remove', path } }];
      }),
    ),
};

/** @see https://longhorn.io/docs/1.12.1/references/settings/#kubernetes-taint-toleration */
export const tolerableTaints: SiteRule = {
  id: 'AF-LH-54',
  why: 'Longhorn takes no toleration whose key has kubernetes.io in it: its pods never come to such a node, and volumes are not mounted there.',
  check({ nodePools, storage }) {
    if (!storage) return [];
    return nodePools.flatMap(({ taints }, pool) =>
      taints.flatMap(({ key }, index): Finding[] => {
        if (!key.includes('kubernetes.io')) return [];
        const path = ['nodePools', pool, 'taints', index];
        return [
          {
            path: [...path, 'key'],
            expected:
              'a key without kubernetes.io, because Longhorn runs on all nodes that are declared here',
            got: key,
            before:
              'take the taint from the nodes, or leave nodes that run nothing of the facility out of the file',
            fix: { kind: 'remove', path },
          },
        ];
      }),
    );
  },
};
