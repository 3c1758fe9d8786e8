import { textAt } from '../../lib/kubernetes/read';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import type { NodePlan } from '../cluster/node-plan';
import { offerDevices } from '../cluster/real';
import { waitFor, type Proves } from '../cluster/suite';
import { say } from '../suite/look';
import { readAll } from '../suite/objects';
import { OWN, probePod, waitReady } from './pods';

/** Which pods run on which nodes. */
export function provePlacement(proves: Proves, plan: NodePlan): void {
  test.each(plan.real)(
    'a pod that asks for the pool of $name runs there, if it tolerates what it must',
    (node) => {
      const spec = { nodeSelector: node.labels };
      const tolerations = node.taints.map(({ key, value, effect }) => ({
        key,
        value,
        effect,
        operator: 'Equal',
      }));
      const [bare, tolerant] = [`bare-${node.name}`, `tolerant-${node.name}`];
      applyObjects([
        probePod({ namespace: OWN, name: bare, spec }),
        probePod({ namespace: OWN, name: tolerant, spec: { ...spec, tolerations } }),
      ]);
      waitReady(OWN, `e2e/probe=${tolerant}`);
      expect(readAll('pods', `--namespace=${OWN}`, `--selector=e2e/probe=${tolerant}`)[0]).toMatchObject({
        spec: { nodeName: node.name },
      });
      if (node.taints.length === 0) waitReady(OWN, `e2e/probe=${bare}`);
      else expect(reasonToWait(bare)).toContain('untolerated taint');
    },
  );

  proves('GPUs go to the pods that ask for them, and one more pod waits', async () => {
    const owner = plan.real.find(({ devices }) => Object.keys(devices).length > 0) ?? plan.real.at(-1);
    if (!owner) throw new Error('there is no node');
    if (Object.keys(owner.devices).length === 0) {
      say(`the site has no GPU: two are played on ${owner.name}`);
      offerDevices(owner.name, { 'nvidia.com/gpu': '2' });
    }
    const devices = Object.keys(owner.devices).length === 0 ? { 'nvidia.com/gpu': '2' } : owner.devices;
    const [resource = '', count = '0'] =
      Object.entries(devices).sort(([, a], [, b]) => Number(a) - Number(b))[0] ?? [];
    const many = Number(count);
    applyObjects(
      Array.from({ length: many + 1 }, (_, index) =>
        probePod({
          namespace: OWN,
          name: `gpu-${String(index)}`,
          labels: { app: 'gpu' },
          spec: { tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }] },
          container: { resources: { limits: { [resource]: '1' } } },
        }),
      ),
    );
    const phases = () =>
      readAll('pods', `--namespace=${OWN}`, '--selector=app=gpu').map((pod) =>
        textAt(pod, 'status', 'phase'),
      );
    await waitFor('all GPUs are taken', 60, () => {
      const running = phases().filter((phase) => phase === 'Running').length;
      return running === many ? [] : [`${String(running)} of ${String(many)} run`];
    });
    expect(phases().filter((phase) => phase === 'Pending')).toHaveLength(1);
    const nodes = readAll('pods', `--namespace=${OWN}`, '--selector=app=gpu').flatMap(
      (pod) => textAt(pod, 'spec', 'nodeName') ?? [],
    );
    expect([...new Set(nodes)]).toEqual([owner.name]);
    const [waiting] = readAll(
      'pods',
      `--namespace=${OWN}`,
      '--selector=app=gpu',
      '--field-selector=status.phase=Pending',
    );
    expect(reasonToWait(textAt(waiting, 'metadata', 'name') ?? '')).toContain(`Insufficient ${resource}`);
  });
}

/** What the scheduler says of a pod that it has looked at. */
function reasonToWait(pod: string): string {
  mustKubectl([
    ...['wait', `pod/${pod}`, `--namespace=${OWN}`, '--timeout=30s'],
    '--for=jsonpath={.status.conditions[?(@.type=="PodScheduled")].reason}=Unschedulable',
  ]);
  const path_ = '{.status.conditions[?(@.type=="PodScheduled")].message}';
  return mustKubectl(['get', 'pod', pod, `--namespace=${OWN}`, `--output=jsonpath=${path_}`]);
}
