import { App, Chart } from 'cdk8s';
import type { KubernetesObject } from '../kubernetes/object';
import { labelsAt } from '../kubernetes/read';
import { Namespaces, type FacilityNamespace, type NamespacesProps } from './namespaces';

const LONGHORN: Required<FacilityNamespace> = {
  name: 'longhorn-system',
  podSecurity: 'privileged',
  reason: 'mounts disks',
  quota: { pods: '20' },
  containers: {
    max: { cpu: '4', memory: '8Gi' },
    limit: { cpu: '4', memory: '2Gi' },
    request: { cpu: '100m', memory: '1Gi' },
  },
};
const PROPS: Required<NamespacesProps> = {
  kubernetesVersion: '1.34',
  namespaces: [{ name: 'hub', podSecurity: 'restricted' }, LONGHORN],
};

function objects(props: NamespacesProps): KubernetesObject[] {
  const chart = new Chart(new App(), 'namespaces', { disableResourceNameHashes: true });
  new Namespaces(chart, 'namespaces', props);
  return chart.toJson() as KubernetesObject[];
}

test('each namespace comes with a policy that denies both directions', () => {
  const all = objects(PROPS);
  expect(all.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)).toEqual([
    'hub',
    'longhorn-system',
  ]);
  expect(all.filter(({ kind }) => kind === 'NetworkPolicy')).toEqual(
    ['hub', 'longhorn-system'].map((namespace) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'default-deny', namespace },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })),
  );
});

test('the level is enforced at the version of the cluster, not at the newest', () => {
  const [hub] = objects(PROPS);
  expect(labelsAt(hub, 'metadata', 'labels')).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'v1.34',
  });
});

test('a level above restricted says why, and does not do without', () => {
  const namespace = objects(PROPS).find(({ metadata }) => metadata.name === 'longhorn-system');
  expect(labelsAt(namespace, 'metadata', 'annotations')['analysis-facility/pod-security-reason']).toBe(
    'mounts disks',
  );
  expect(() => objects({ ...PROPS, namespaces: [{ name: 'open', podSecurity: 'baseline' }] })).toThrow(
    'needs a reason',
  );
});

test('neither a prune nor a deleted Application deletes a namespace', () => {
  for (const { kind, metadata } of objects(PROPS)) {
    if (kind === 'Namespace')
      expect(metadata.annotations?.['argocd.argoproj.io/sync-options']).toBe('Prune=false,Delete=false');
  }
});

test('a quota is set where it is asked for, and nowhere else', () => {
  const quotas = objects(PROPS).filter(({ kind }) => kind === 'ResourceQuota');
  expect(quotas).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota', namespace: 'longhorn-system' },
      spec: { hard: { pods: '20' } },
    },
  ]);
});

test('the size of a container is bounded where it is asked for, and nowhere else', () => {
  expect(objects(PROPS).filter(({ kind }) => kind === 'LimitRange')).toEqual([
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'containers', namespace: 'longhorn-system' },
      spec: {
        limits: [
          {
            type: 'Container',
            max: { cpu: '4', memory: '8Gi' },
            default: { cpu: '4', memory: '2Gi' },
            defaultRequest: { cpu: '100m', memory: '1Gi' },
          },
        ],
      },
    },
  ]);
});
