import { accountingGroup } from '../release';
import { conf } from './conf';

/** An experiment as the pool knows it. */
export interface Experiment {
  readonly name: string;
  /** Weight among the experiments. */
  readonly share: number;
  /** Who signs tokens of its members. */
  readonly issuers: readonly TokenIssuer[];
  /** Parts of its quota. */
  readonly subgroups: readonly Subgroup[];
}

export interface TokenIssuer {
  /** Exactly the `iss` of its tokens. */
  readonly url: string;
  readonly audience: readonly string[];
  /** Networks in CIDR notation where its server is. @default at a public address */
  readonly networks?: readonly string[];
}

export interface Subgroup {
  readonly name: string;
  /** Part of the experiment's quota, in percent. */
  readonly percent: number;
}

/** `group_cms.dask` */
export function subgroupName(experiment: string, subgroup: string): string {
  return `${accountingGroup(experiment)}.${subgroup.replaceAll('-', '_')}`;
}

/**
 * Groups and quotas of the negotiator: dynamic ones, so parts of the whole pool, however large it is at the moment.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/cm-configuration.html#group-accounting
 */
export function accountingGroupsConfig(experiments: readonly Experiment[], acceptSurplus: boolean): string {
  const total = experiments.reduce((sum, { share }) => sum + share, 0);
  const groups = experiments.flatMap(({ name, share, subgroups }) => [
    { group: accountingGroup(name), quota: share / total },
    ...subgroups.map((subgroup) => ({
      group: subgroupName(name, subgroup.name),
      quota: subgroup.percent / 100,
    })),
  ]);
  return conf('Fair sharing between experiments', [
    `GROUP_NAMES = ${groups.map(({ group }) => group).join(', ')}`,
    ...groups.map(({ group, quota }) => `GROUP_QUOTA_DYNAMIC_${group} = ${decimal(quota)}`),
    `GROUP_ACCEPT_SURPLUS = ${acceptSurplus ? 'True' : 'False'}`,
    'NEGOTIATOR_ALLOW_QUOTA_OVERSUBSCRIPTION = False',
  ]);
}

/** Rounded down, so that the parts are never more than the whole. */
function decimal(part: number): string {
  return String(Math.floor(part * 10_000 + 1e-6) / 10_000);
}

/**
 * Which user may use which groups: the first is taken where a job names none.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/ap-policy-configuration.html
 */
export function groupMap(experiments: readonly Experiment[]): string {
  const lines = experiments.map(({ name, subgroups }) => {
    const groups = [accountingGroup(name), ...subgroups.map((subgroup) => subgroupName(name, subgroup.name))];
    return `* /^${name}_.*$/ ${groups.join(',')}`;
  });
  return `${lines.join('\n')}\n`;
}
