import type { KubernetesObject } from '../../lib/kubernetes/object';
import { at, labelsAt } from '../../lib/kubernetes/read';
import { mustKubectl } from '../cluster/kubectl';
import { SIMULATED } from '../cluster/nodes';
import { apply, applyAgain } from '../suite/apply';
import { accepted, everyMinute, remove, startedJobs } from '../suite/controllers';
import { define, definitionsFor } from '../suite/definitions';
import { eventually } from '../suite/look';
import { list } from '../suite/objects';
import { admission, podTemplate, refusedPods, rollout } from '../suite/pods';
import { rightsOfAccounts } from '../suite/rights';
import { secretsOfPods } from '../suite/secrets';
import { endpoints } from '../suite/services';
import { applySite, type Deployed } from '../suite/site';

/** A copy with other fields at a path. */
function set<T>(object: T, [key = '', ...rest]: readonly string[], value: unknown): T {
  const fields = object as Record<string, unknown>;
  return { ...object, [key]: rest.length === 0 ? value : set(fields[key] ?? {}, rest, value) };
}

const renamed = (object: KubernetesObject, name: string) => set(object, ['metadata', 'name'], name);

/**
 * The suites' own assertions, on a dist with one mistake each: they must find it, and say what it is.
 *
 * @param toAll what every account may do on the cluster, once it runs
 */
export function plantedFaults(site: Deployed, toAll: () => ReadonlySet<string>): void {
  const { objects } = site;

  /** An object of dist. */
  function find(kind: string, name: string): KubernetesObject {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) throw new Error(`${kind} ${name} is not in dist`);
    return found;
  }

  const webhook = find('Deployment', 'cert-manager-webhook');

  /** A Deployment as that of the webhook, under a name and labels of its own. */
  function another(name: string): KubernetesObject {
    const labels = { app: name };
    return [
      [['spec', 'selector', 'matchLabels'], labels] as const,
      [['spec', 'template', 'metadata', 'labels'], labels] as const,
    ].reduce((object, [path, value]) => set(object, path, value), renamed(webhook, name));
  }

  describe('planted faults', () => {
    beforeAll(async () => {
      // Where they are tried by themselves, nobody has applied it before.
      expect(await applySite(site)).toEqual([]);
      expect(await eventually(90, () => rollout(objects).objections)).toEqual([]);
    });

    test('a wrong selector label: the Service finds no pod', async () => {
      const service = find('Service', 'cert-manager-webhook');
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
      ].reduce((object, [path, value]) => set(object, path, value), another('e2e-tolerant'));
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

    test('a missing verb: the table says why it must be there', () => {
      const role = find('Role', 'cert-manager-webhook:dynamic-serving');
      apply([set(role, ['rules'], (role['rules'] as unknown[]).slice(0, 1))]);
      expect(rightsOfAccounts(objects, toAll()).objections).toEqual([
        'cert-manager/cert-manager-webhook may not create secrets in cert-manager, and the table says why it must',
      ]);
      apply([role]);
    });

    test('a verb too many, and an account that nobody wrote down', () => {
      const role = find('Role', 'cert-manager-webhook:dynamic-serving');
      const more = { apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] };
      apply([set(role, ['rules'], [...(role['rules'] as unknown[]), more])]);
      const unknown = renamed(find('ServiceAccount', 'cert-manager-webhook'), 'e2e-unknown');
      expect(rightsOfAccounts([...objects, unknown], toAll()).objections).toEqual([
        'cert-manager/cert-manager-webhook may create pods/exec in cert-manager, and the table has no reason for it',
        'cert-manager/e2e-unknown is not in e2e/api/rights.yaml',
      ]);
      apply([role]);
    });

    test('a Pod Security violation: the pod is refused, and the field is named', async () => {
      const wrong = set(another('e2e-privileged'), ['spec', 'template', 'spec', 'hostNetwork'], true);
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

    test('a field that does not stay: a second apply changes it', () => {
      const map: KubernetesObject = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'e2e-contested', namespace: 'cert-manager' },
        data: { key: 'of dist' },
      };
      apply([map]);
      // A controller that holds another opinion.
      const other = ['--server-side', '--force-conflicts', '--field-manager=e2e-controller', '--filename=-'];
      mustKubectl(['apply', ...other], list([set(map, ['data', 'key'], 'of a controller')]));
      expect(applyAgain([map]).objections).toEqual([
        'ConfigMap cert-manager/e2e-contested is changed by a second apply',
      ]);
      remove([map]);
    });

    test('a change of what cannot change: the API server names the field', () => {
      const labels = { ...labelsAt(webhook, 'spec', 'selector', 'matchLabels'), more: 'labels' };
      const wrong = set(
        set(webhook, ['spec', 'selector', 'matchLabels'], labels),
        ['spec', 'template', 'metadata', 'labels'],
        labels,
      );
      expect(apply([wrong]).objections).toEqual([
        expect.stringMatching(/spec\.selector.*field is immutable/),
      ]);
    });

    test('a field that nobody knows: it is named', () => {
      const wrong = set(webhook, ['spec', 'template', 'spec', 'nodeSelektor'], { a: 'b' });
      expect(apply([wrong]).objections.join('\n')).toMatch(
        /nodeSelektor: field not declared in schema|unknown field.*nodeSelektor/,
      );
    });

    test('a missing Secret, and a missing key: pod and Secret are named', () => {
      const [container] = (podTemplate(webhook) as { spec: { containers: object[] } }).spec.containers;
      const reads = (secret: string, key: string) =>
        set(
          webhook,
          ['spec', 'template', 'spec', 'containers'],
          [{ ...container, env: [{ name: 'E2E', valueFrom: { secretKeyRef: { name: secret, key } } }] }],
        );
      const certificate = objects.find(({ kind }) => kind === 'Certificate');
      const written = (certificate?.['spec'] as { secretName: string }).secretName;
      expect(
        secretsOfPods([...objects, reads('nobody-makes-this', 'token'), reads(written, 'nokey')]).objections,
      ).toEqual([
        'Deployment cert-manager/cert-manager-webhook reads Secret cert-manager/nobody-makes-this, which nobody makes',
        `Deployment cert-manager/cert-manager-webhook reads key nokey of Secret cert-manager/${written}, which has tls.crt, tls.key, ca.crt`,
      ]);
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

    test('kinds that this site does not have are seen when they come: nothing of them is a mistake', async () => {
      const metadata = (name: string) => ({ name, namespace: 'cert-manager' });
      const template = webhook['spec'] as { template: { spec: object } };
      const once = { template: { spec: { ...template.template.spec, restartPolicy: 'Never' } } };
      const claim = {
        accessModes: ['ReadWriteOnce'],
        storageClassName: site.site.storage?.longhorn.classes[0]?.name,
        resources: { requests: { storage: '1Gi' } },
      };
      const stateful = set(set(another('e2e-stateful'), ['kind'], 'StatefulSet'), ['spec'], {
        ...pick(another('e2e-stateful')['spec'], ['replicas', 'selector', 'template']),
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
  });
}

function pick(fields: unknown, keys: readonly string[]): object {
  return Object.fromEntries(keys.map((key) => [key, at(fields, key)]));
}
