import { duration } from '../../kubernetes/duration';
import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

/** Rounds of the negotiator that a worker must see before it may give up. */
const ROUNDS = 2;

export const idleTimeout: SiteRule = {
  id: 'AF-HTC-09',
  why: 'A worker that leaves before the negotiator has come round gets no job, and the next one neither.',
  check({ htcondor, autoscaling }) {
    if (!htcondor || !autoscaling) return [];
    const least = duration(ROUNDS * htcondor.centralManager.negotiatorInterval.seconds);
    return htcondor.executePools.flatMap(({ scale }, index): Finding[] => {
      if (scale.max <= scale.min || scale.idleTimeout.seconds >= least.seconds) return [];
      const path = ['htcondor', 'executePools', index, 'scale', 'idleTimeout'];
      const value = `${String(least.seconds)}s`;
      return [
        {
          path,
          expected: `at least ${value}, ${String(ROUNDS)} rounds of centralManager.negotiatorInterval`,
          got: scale.idleTimeout.go,
          fix: { kind: 'set', path, value },
        },
      ];
    });
  },
};
