import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import { canonical, overlap } from '../../kubernetes/cidr';

const PARTS = ['podCIDRs', 'serviceCIDRs', 'nodeCIDRs'] as const;
const FREE = [
  '10.244.0.0/16',
  '10.96.0.0/12',
  '192.0.2.0/24',
  '10.200.0.0/16',
  '172.31.0.0/16',
  '198.51.100.0/24',
];

export const networkOverlap: SiteRule = {
  id: 'AF-NET-01',
  why: 'Where pods, Services and nodes share addresses, routing and network policies mean something else than they say.',
  check({ cluster }) {
    const all = PARTS.flatMap((part) =>
      cluster[part].map((cidr, index) => ({ cidr, path: ['cluster', part, index] as const })),
    );
    return all.flatMap(({ cidr, path }, index): Finding[] => {
      const [fixed, got] = [canonical(cidr), JSON.stringify(cidr)];
      if (fixed !== cidr)
        return [
          {
            path,
            expected: 'a network address, with zeros behind its length',
            got,
            fix: { kind: 'set', path, value: fixed },
          },
        ];
      const other = all.slice(0, index).find((earlier) => overlap(earlier.cidr, cidr));
      if (!other) return [];
      const value = FREE.find((free) => all.every((taken) => !overlap(taken.cidr, free))) ?? '203.0.113.0/24';
      return [
        {
          path,
          expected: `a network that does not overlap with ${other.cidr} of ${other.path[1]}`,
          got,
          fix: { kind: 'set', path, value, example: true },
        },
      ];
    });
  },
};
