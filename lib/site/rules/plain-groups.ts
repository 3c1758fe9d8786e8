import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import type { HTCondor } from '../schema/htcondor';

/** What is left for jobs that name no subgroup, in the fix: enough that a small pool gives them a core. */
const PLAIN_SHARE = 10;

export const plainGroups: SiteRule = {
  id: 'AF-HTC-08',
  why: 'What subgroups take is not there for the plain group of an experiment: where they take all and nobody may use surplus, a job that names none never starts.',
  check({ htcondor }) {
    if (!htcondor || htcondor.accounting.acceptSurplus) return [];
    const { subgroups } = htcondor.accounting;
    return fullyDivided(htcondor).map((experiment): Finding => {
      const last = subgroups.findLastIndex((each) => each.experiment === experiment);
      const at = ['htcondor', 'accounting', 'subgroups', last];
      const path = [...at, 'share'];
      const share = subgroups[last]?.share ?? 0;
      return {
        path,
        expected: `subgroups of ${experiment} with less than 100 percent in all, so that its other jobs have a quota`,
        got: `${String(share)}, with which they have 100`,
        fix:
          share > PLAIN_SHARE
            ? { kind: 'set', path, value: share - PLAIN_SHARE, example: true }
            : { kind: 'remove', path: at },
      };
    });
  },
};

/** Experiments whose subgroups have the whole of their quota. */
export function fullyDivided({ accounting }: HTCondor): string[] {
  const shares = new Map<string, number>();
  for (const { experiment, share } of accounting.subgroups)
    shares.set(experiment, (shares.get(experiment) ?? 0) + share);
  return [...shares].flatMap(([experiment, share]) => (share === 100 ? [experiment] : []));
}
