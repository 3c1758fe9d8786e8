import type { Finding } from '../problem';
import { poolLabels } from '../node-labels';
import type { SiteRule } from '../rule';

type Labels = Readonly<Record<string, string>>;

/** All nodes of a cluster have it. */
const EVERYWHERE = 'kubernetes.io/os';

export const labelsApart: SiteRule = {
  id: 'AF-REF-06',
  why: 'Pods find a pool by its labels: where nodes of another pool have them too, pods go there.',
  check({ nodePools }) {
    const pools = nodePools.map((pool) => ({ name: pool.name, labels: poolLabels(pool) }));
    return pools.flatMap(({ name, labels }, index): Finding[] => {
      const own = Object.entries(labels).filter(([key]) => key !== EVERYWHERE);
      const hasAll = (other: Labels) => own.every(([key, value]) => other[key] === value);
      const twin = pools.find((other, at) => at !== index && other.name !== name && hasAll(other.labels));
      if (!twin || (own.length > 0 && pools.indexOf(twin) > index && sameLabels(labels, twin.labels)))
        return [];
      const path = ['nodePools', index, 'labels'];
      const taken = pools.map((pool) => pool.labels['analysis-facility/pool']);
      const value =
        [name, `${name}-nodes`].find((free) => taken.every((text, at) => at === index || text !== free)) ??
        `${name}-pool`;
      return [
        {
          path,
          expected: 'labels that nodes of other pools lack',
          got:
            own.length === 0
              ? 'labels that every node has'
              : `labels that the nodes of ${twin.name} have too`,
          before: 'label the nodes',
          fix: { kind: 'set', path, value: { ...labels, 'analysis-facility/pool': value } },
        },
      ];
    });
  },
};

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
