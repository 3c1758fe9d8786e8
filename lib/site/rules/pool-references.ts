import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import { unknownReference } from './reference';

export const poolReferences: SiteRule = {
  id: 'AF-REF-02',
  why: 'Pods that ask for nodes of a pool that is not declared stay Pending for ever.',
  check({ nodePools, htcondor }) {
    if (!htcondor) return [];
    const pools = nodePools.map((pool) => pool.name);
    const workers = nodePools
      .filter((pool) => pool.roles.includes('htcondor-execute'))
      .map((pool) => pool.name);
    const firstGiveRole = (finding: Finding): Finding => ({
      ...finding,
      before: 'give a node pool the role htcondor-execute',
    });
    const refer = (name: string, path: Path, candidates: readonly string[] = pools) =>
      unknownReference({
        name,
        path,
        candidates,
        what: 'a node pool',
        otherwise: { kind: 'remove', path },
      });
    return [
      ...refer(htcondor.centralManager.pool, ['htcondor', 'centralManager', 'pool']),
      ...htcondor.accessPoints.flatMap(({ pool }, index) =>
        refer(pool, ['htcondor', 'accessPoints', index, 'pool']),
      ),
      ...htcondor.executePools.flatMap(({ pool }, index): Finding[] => {
        const path = ['htcondor', 'executePools', index, 'pool'];
        const at = pools.indexOf(pool);
        const roles = nodePools[at]?.roles;
        if (!roles)
          return workers.length > 0 ? refer(pool, path, workers) : refer(pool, path).map(firstGiveRole);
        if (workers.includes(pool)) return [];
        return [
          {
            path,
            expected: 'a node pool with the role htcondor-execute',
            got: `${JSON.stringify(pool)}, which has the roles ${roles.join(', ')}`,
            fix: { kind: 'set', path: ['nodePools', at, 'roles'], value: [...roles, 'htcondor-execute'] },
          },
        ];
      }),
    ];
  },
};
