import { eventually } from '../suite/look';
import { rollout } from '../suite/pods';
import { applySite, type Deployed } from '../suite/site';
import { faultsOfObjects } from './faults-of-objects';
import { faultsOfWorkloads } from './faults-of-workloads';
import { otherKinds } from './other-kinds';

/**
 * The suites' own assertions, on a dist with one mistake each: they must find it, and say what it is.
 *
 * @param toAll what every account may do on the cluster, once it runs
 */
export function plantedFaults(site: Deployed, toAll: () => ReadonlySet<string>): void {
  describe('planted faults', () => {
    beforeAll(async () => {
      // Where they are tried by themselves, nobody has applied it before.
      expect(await applySite(site)).toEqual([]);
      expect(await eventually(90, () => rollout(site.objects).objections)).toEqual([]);
    });

    faultsOfWorkloads(site);
    faultsOfObjects(site, toAll);
    otherKinds(site);
  });
}
