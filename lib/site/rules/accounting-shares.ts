import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const accountingShares: SiteRule = {
  id: 'AF-HTC-03',
  why: 'Quotas over 1 promise more than there is: the negotiator cuts them down in an order that nobody chose.',
  check({ htcondor }) {
    const subgroups = htcondor?.accounting.subgroups ?? [];
    return subgroups.flatMap(({ experiment, name, share }, index): Finding[] => {
      const before = subgroups.slice(0, index).filter((each) => each.experiment === experiment);
      const at = ['htcondor', 'accounting', 'subgroups', index];
      if (before.some((each) => each.name === name)) {
        const path = [...at, 'name'];
        const expected = `a subgroup that ${experiment} does not have yet`;
        return [{ path, expected, got: JSON.stringify(name), fix: { kind: 'remove', path: at } }];
      }
      const given = before.reduce((sum, each) => sum + each.share, 0);
      if (given + share <= 100) return [];
      const path = [...at, 'share'];
      const left = 100 - given;
      const expected = `at most ${String(Math.max(left, 0))} percent, what is left of the quota of ${experiment}`;
      return [
        {
          path,
          expected,
          got: String(share),
          fix: left > 0 ? { kind: 'set', path, value: left } : { kind: 'remove', path: at },
        },
      ];
    });
  },
};
