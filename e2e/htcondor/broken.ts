import { textAt } from '../../lib/kubernetes/read';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { applyDist, type Proves } from '../cluster/suite';
import { usersOf, waitForPool, waitForRegistration, waitForWayIn, type Bench } from './bench';
import { outsideJobCompletes } from './outside-criteria';
import { EXECUTE_NAMESPACE, lifeOf, NAMESPACE, readyAgain, registeredWorkers, workers } from './pool';
import { secretObject } from './secrets';

/** The criteria see a pool that is broken. */
export function brokenCriteria(proves: Proves, bench: () => Bench): void {
  const { alice } = usersOf(bench);

  describe('with one thing broken', () => {
    beforeAll(async () => {
      await applyDist(bench().pool.site.site.name, ['htcondor']);
      await waitForPool(bench());
    });

    proves('A18 without the line of its issuer in the map, A6 fails', async () => {
      const { pool } = bench();
      const maps = `${pool.accessPoint.pod.replace(/-0$/, '')}-maps`;
      const answer: unknown = JSON.parse(
        mustKubectl(['get', 'configmap', maps, `--namespace=${NAMESPACE}`, '--output=json']),
      );
      const text = textAt(answer, 'data', 'condor_mapfile') ?? '';
      const without = text.replace(/^SCITOKENS .*cms_.*\n/m, '');
      expect(without).not.toBe(text);
      const data = JSON.stringify({ data: { condor_mapfile: without } });
      mustKubectl(['patch', 'configmap', maps, `--namespace=${NAMESPACE}`, '--type=merge', '--patch', data]);
      await restartAccessPoint(bench());
      await expect(outsideJobCompletes(bench(), alice(), 'cms_alice')).rejects.toThrow(/condor_submit/);
      await applyDist(bench().pool.site.site.name, ['htcondor']);
      await restartAccessPoint(bench());
      await outsideJobCompletes(bench(), alice(), 'cms_alice');
    });

    proves('A18 without a token, A3 fails', async () => {
      const [worker] = workers();
      if (!worker) throw new Error('no worker');
      const secret = 'htcondor-token-execute';
      const good: unknown = JSON.parse(
        mustKubectl(['get', 'secret', secret, `--namespace=${EXECUTE_NAMESPACE}`, '--output=json']),
      );
      applyObjects([secretObject(EXECUTE_NAMESPACE, secret, { execute: '' })]);
      mustKubectl(['delete', 'pod', worker.pod, `--namespace=${EXECUTE_NAMESPACE}`, '--grace-period=1']);
      await expect(waitForRegistration(bench().pool, 45)).rejects.toThrow(/is not in the pool/);
      const token = Buffer.from(textAt(good, 'data', 'execute') ?? '', 'base64').toString();
      applyObjects([secretObject(EXECUTE_NAMESPACE, secret, { execute: token })]);
      // A daemon that has found no token at its start looks for none again.
      for (const { pod } of workers())
        if (!registeredWorkers().includes(pod))
          mustKubectl(['delete', 'pod', pod, `--namespace=${EXECUTE_NAMESPACE}`, '--grace-period=1']);
      await waitForPool(bench());
    });
  });
}

async function restartAccessPoint(bench: Bench): Promise<void> {
  const { accessPoint } = bench.pool;
  const before = lifeOf(accessPoint);
  mustKubectl(['delete', 'pod', accessPoint.pod, `--namespace=${NAMESPACE}`, '--grace-period=5']);
  await readyAgain(accessPoint, before);
  await waitForWayIn(bench);
}
