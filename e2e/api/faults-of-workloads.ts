import type { KubernetesObject } from '../../lib/kubernetes/object';
import { labelsAt } from '../../lib/kubernetes/read';
import { SIMULATED } from '../cluster/nodes';
import { apply } from '../suite/apply';
import { accepted, remove } from '../suite/controllers';
import { eventually } from '../suite/look';
import { admission, refusedPods, rollout } from '../suite/pods';
import { endpoints } from '../suite/services';
import type { Deployed } from '../suite/site';
import { another, find, renamed, set, webhookOf } from './variants';

/** Pods that are not found, not placed, or not admitted. */
export function faultsOfWorkloads({ objects }: Deployed): void {
  const webhook = webhookOf(objects);

  test('a wrong selector label: the Service finds no pod', async () => {
    const service = find(objects, 'Service', 'cert-manager-webhook');
    const wrong = set(service, ['spec', 'selector'], {
      ...labelsAt(service, 'spec', 'selector'),
      'app.kubernetes.io/component': 'webhok',
    });
    apply([wrong]);
    const expected = /^Service cert-manager\/cert-manager-webhook finds no pod: .*webhok/;
    await eventually(30, () => (endpoints([wrong]).objections.length > 0 ? [] : ['not yet']));
    expect(endpoints([wrong]).objections).toEqual([expect.stringMatching(expected)]);
    apply([service]);
    expect(await eventually(30, () => endpoints([service]).objections)).toEqual([]);
  });

  test('a missing toleration: the pod waits, and the scheduler says for what', async () => {
    const taint = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' };
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: 'tainted',
        labels: { 'e2e/pool': 'gpu', 'kubernetes.io/os': 'linux' },
        annotations: SIMULATED,
      },
      spec: { taints: [taint] },
      status: {
        allocatable: { cpu: '4', memory: '8Gi', pods: '10' },
        capacity: { cpu: '4', memory: '8Gi', pods: '10' },
      },
    };
    expect(apply([node]).objections).toEqual([]);
    const right = [
      [['spec', 'template', 'spec', 'nodeSelector'], { 'e2e/pool': 'gpu' }] as const,
      [
        ['spec', 'template', 'spec', 'tolerations'],
        [taint].map(({ key, effect }) => ({ key, operator: 'Exists', effect })),
      ] as const,
    ].reduce((object, [path, value]) => set(object, path, value), another(webhook, 'e2e-tolerant'));
    apply([right]);
    expect(await eventually(120, () => rollout([right]).objections)).toEqual([]);
    remove([right]);
    const wrong = set(renamed(right, 'e2e-intolerant'), ['spec', 'template', 'spec', 'tolerations'], []);
    apply([wrong]);
    const waits = () => rollout([wrong]).objections;
    await eventually(30, () =>
      waits().some((line) => line.includes('untolerated taint')) ? [] : ['not yet'],
    );
    expect(waits()).toEqual([
      'Deployment cert-manager/e2e-intolerant: 0 of 1 pods are ready',
      expect.stringMatching(/^Pod cert-manager\/e2e-intolerant-.*had untolerated taint/),
    ]);
    remove([wrong, node]);
  });

  test('a Pod Security violation: the pod is refused, and the field is named', async () => {
    const wrong = set(another(webhook, 'e2e-privileged'), ['spec', 'template', 'spec', 'hostNetwork'], true);
    expect(admission([wrong]).objections).toEqual([
      expect.stringMatching(/violates PodSecurity "restricted:v.*host namespaces \(hostNetwork=true\)/),
    ]);
    // The API server only warns of the Deployment; its controller is the one that is refused.
    expect(apply([wrong]).objections).toEqual([expect.stringMatching(/would violate PodSecurity/)]);
    await eventually(30, () => (refusedPods().length > 0 ? [] : ['not yet']));
    expect(refusedPods()).toContainEqual(
      expect.stringMatching(/^FailedCreate of ReplicaSet cert-manager\/e2e-privileged-.*hostNetwork=true/),
    );
    remove([wrong]);
  });

  test('a quota that is used up: the pod is refused, and the quota is named', async () => {
    const quota: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'e2e-full', namespace: 'cert-manager' },
      spec: { hard: { pods: '0' } },
    };
    apply([quota]);
    expect(await eventually(30, () => accepted([quota], ['ResourceQuota']).objections)).toEqual([]);
    expect(admission([webhook]).objections).toEqual([expect.stringMatching(/exceeded quota: e2e-full/)]);
    remove([quota]);
  });

  test('a budget that counts nobody: its controller says so', async () => {
    const budget: KubernetesObject = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'e2e-nobody', namespace: 'cert-manager' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'nobody' } } },
    };
    apply([budget]);
    const said = () => accepted([budget]).objections;
    await eventually(30, () => (said().some((line) => line.includes('counts no pods')) ? [] : ['not yet']));
    expect(said()).toEqual(['PodDisruptionBudget cert-manager/e2e-nobody: it counts no pods']);
    remove([budget]);
  });
}
