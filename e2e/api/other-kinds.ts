import type { KubernetesObject } from '../../lib/kubernetes/object';
import { at } from '../../lib/kubernetes/read';
import { apply } from '../suite/apply';
import { accepted, everyMinute, remove, startedJobs } from '../suite/controllers';
import { define, definitionsFor } from '../suite/definitions';
import { eventually } from '../suite/look';
import { admission, rollout } from '../suite/pods';
import type { Deployed } from '../suite/site';
import { another, set, webhookOf } from './variants';

/** What a site could have, and the smallest does not: no assertion takes it for a mistake. */
export function otherKinds({ site, objects }: Deployed): void {
  const webhook = webhookOf(objects);

  test('kinds that this site does not have are seen when they come: nothing of them is a mistake', async () => {
    const metadata = (name: string) => ({ name, namespace: 'cert-manager' });
    const template = webhook['spec'] as { template: { spec: object } };
    const once = { template: { spec: { ...template.template.spec, restartPolicy: 'Never' } } };
    const claim = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: site.storage?.longhorn.classes[0]?.name,
      resources: { requests: { storage: '1Gi' } },
    };
    const stateful = set(set(another(webhook, 'e2e-stateful'), ['kind'], 'StatefulSet'), ['spec'], {
      ...pick(another(webhook, 'e2e-stateful')['spec'], ['replicas', 'selector', 'template']),
      serviceName: 'e2e-stateful',
      volumeClaimTemplates: [
        { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: claim },
      ],
    });
    const more: KubernetesObject[] = [
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: metadata('e2e-claim'), spec: claim },
      { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata('e2e-job'), spec: once },
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: metadata('yearly'),
        spec: { schedule: '0 0 1 1 *', timeZone: 'Europe/Rome', jobTemplate: { spec: once } },
      },
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: metadata('e2e-scaler'),
        spec: {
          maxReplicas: 2,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: webhook.metadata.name },
        },
      },
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: metadata('e2e-route'),
        spec: {
          parentRefs: [{ name: 'public' }],
          rules: [{ backendRefs: [{ name: 'cert-manager-webhook', port: 443 }] }],
        },
      },
      stateful,
    ];
    await define(definitionsFor(more));
    const due = everyMinute(more);
    expect([...apply(more).objections, ...apply(due).objections]).toEqual([]);
    expect(due).toHaveLength(1);
    expect(admission(more)).toEqual({ looked: 3, objections: [] });
    expect(await eventually(60, () => rollout(more).objections)).toEqual([]);
    expect(await eventually(60, () => accepted(more).objections)).toEqual([]);
    expect(accepted(more).looked).toBe(3);
    expect(await eventually(100, () => accepted(due, ['CronJob']).objections)).toEqual([]);
    expect(await eventually(60, () => accepted(startedJobs()).objections)).toEqual([]);
    expect(startedJobs().length).toBeGreaterThan(0);
    remove([...due, ...more]);
  });
}

function pick(fields: unknown, keys: readonly string[]): object {
  return Object.fromEntries(keys.map((key) => [key, at(fields, key)]));
}
