import type { Finding } from '../problem';
import { siteRule } from '../rule';

export const scaleWithoutKeda = siteRule({
  id: 'AF-HTC-07',
  why: 'Only KEDA starts workers above min: without it max is a promise that nobody keeps.',
  reads: ['htcondor', 'autoscaling'],
  check: ({ htcondor, autoscaling }) =>
    autoscaling
      ? []
      : (htcondor?.executePools ?? []).flatMap(({ scale: { min, max } }, index): Finding[] => {
          if (max <= min) return [];
          const key = (last: string) => ['htcondor', 'executePools', index, 'scale', last];
          // A pool of no workers at all is hardly meant.
          const fix = min > 0 ? { path: key('max'), value: min } : { path: key('min'), value: max };
          const expected = 'as many as min; or, where the cluster has KEDA, autoscaling.keda';
          return [{ path: key('max'), expected, got: String(max), fix: { kind: 'set', ...fix } }];
        }),
});
