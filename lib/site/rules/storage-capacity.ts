import { sayBytes } from '../../kubernetes/quantity';
import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import { overProvisioningPercent, storagePlan } from '../storage-plan';

const GI = 1024 ** 3;

export const storageCapacity: SiteRule = {
  id: 'AF-CAP-05',
  why: 'What is planned must fit: Longhorn refuses the first volume that does not, and it belongs to a user.',
  check(site): Finding[] {
    const plan = storagePlan(site);
    if (plan.nodes === 0 || plan.promised <= plan.promisable) return [];
    const percent = overProvisioningPercent(site);
    const index = site.nodePools.findIndex((pool) => pool.longhornDisks.length > 0);
    const disk = site.nodePools[index]?.longhornDisks[0];
    const nodes = site.nodePools[index]?.count ?? 1;
    const usable = (nodes * (100 - (disk?.reserved ?? 0)) * percent) / 10_000;
    const size = Math.ceil(((disk?.size.bytes ?? 0) + (plan.promised - plan.promisable) / usable) / GI);
    const path = ['nodePools', index, 'longhornDisks', 0, 'size'];
    const largest = [...plan.volumes].sort(
      (a, b) => b.bytes * b.count * b.replicas - a.bytes * a.count * a.replicas,
    )[0];
    return [
      {
        path,
        expected: `disks for ${sayBytes(plan.promised)}: volumes times replicas${largest ? `, most of it ${largest.what} (${String(largest.count)} × ${sayBytes(largest.bytes)} × ${String(largest.replicas)})` : ''}`,
        got: `${sayBytes(plan.promisable)}: ${sayBytes(plan.disks)} of disks × ${String(percent)} %`,
        before: 'mount larger disks, or plan less',
        fix: { kind: 'set', path, value: `${String(size)}Gi` },
      },
    ];
  },
};
