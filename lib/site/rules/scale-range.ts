import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const scaleRange: SiteRule = {
  id: 'AF-HTC-01',
  why: 'A pool whose smallest size is over its largest has no size at all.',
  check: ({ htcondor }) =>
    (htcondor?.executePools ?? []).flatMap(({ scale }, index): Finding[] => {
      if (scale.min <= scale.max) return [];
      const path = ['htcondor', 'executePools', index, 'scale', 'min'];
      return [
        {
          path,
          expected: `at most max, ${String(scale.max)}`,
          got: String(scale.min),
          fix: { kind: 'set', path, value: scale.max },
        },
      ];
    }),
};
