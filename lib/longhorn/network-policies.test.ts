import { k8s } from 'cdk8s-plus-27';
import type { ClusterNetwork } from '../kubernetes/cluster';
import { isOpen, type End } from '../kubernetes/flows';
import { openPod } from '../kubernetes/flows.fixture';
import type { KubernetesObject } from '../kubernetes/object';
import type { FlowProps } from './flows';
import { flowPolicies } from './flows';
import { upstreamPolicies } from './network-policies';

const cluster: Required<ClusterNetwork> = {
  apiServer: { cidrs: ['192.0.2.10/32'], port: 6443 },
  dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } },
  monitoringNamespace: 'monitoring',
};

const everything: Required<FlowProps> = {
  cluster,
  nodeCidrs: ['192.0.2.0/24'],
  backupEgress: [
    { cidrs: ['203.0.113.7/32'], port: 9000 },
    { cidrs: [], port: 443 },
  ],
};

const names = (policies: readonly k8s.KubeNetworkPolicyProps[]) =>
  policies.map(({ metadata }) => metadata?.name);

function named(wanted: string, policies = flowPolicies(everything)): k8s.NetworkPolicySpec {
  return policies.find(({ metadata }) => metadata?.name === wanted)?.spec ?? { podSelector: {} };
}

/** Whether a selector of ours takes a pod with these labels. */
function selects(
  { matchLabels = {}, matchExpressions = [] }: k8s.LabelSelector,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      return (value !== undefined && values.includes(value)) === (operator === 'In');
    })
  );
}

const pod = (labels: Readonly<Record<string, string>>): End => ({ namespace: 'longhorn-system', labels });
const PODS: Readonly<Record<string, End>> = {
  manager: pod({ app: 'longhorn-manager' }),
  ui: pod({ app: 'longhorn-ui' }),
  driver: pod({ app: 'longhorn-csi-plugin' }),
  instance: pod({ 'longhorn.io/component': 'instance-manager' }),
  image: pod({ 'longhorn.io/component': 'backing-image-manager' }),
  source: pod({ 'longhorn.io/component': 'backing-image-data-source' }),
  share: pod({ 'longhorn.io/component': 'share-manager' }),
  another: pod({ app: 'another' }),
};
const STRANGER = { namespace: 'default', labels: { app: 'longhorn-manager' } };
const POLICIES = [
  openPod(STRANGER),
  ...[...upstreamPolicies(), ...flowPolicies(everything)].map(
    (props) =>
      ({
        ...k8s.toJson_KubeNetworkPolicyProps(props),
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
      }) as KubernetesObject,
  ),
];

/** Pods that reach another at a port. */
function callers(name: string, port: number): string[] {
  const to = PODS[name];
  if (!to) throw new Error(`there is no pod ${name}`);
  return Object.entries({ ...PODS, stranger: STRANGER, internet: { address: '198.51.100.9' } })
    .filter(([from, end]) => from !== name && isOpen(POLICIES, end, to, { number: port }))
    .map(([from]) => from);
}

test.each([
  ['manager', 9500, ['ui', 'driver']],
  ['manager', 9503, ['ui', 'driver']],
  ['instance', 10_000, ['manager', 'image', 'source']],
  ['image', 10_000, ['manager', 'instance', 'source']],
  ['source', 10_000, ['manager', 'instance', 'image']],
  ['share', 2049, ['manager', 'ui', 'driver', 'instance', 'image', 'source', 'another']],
])('%s is reached at %i by %j and nobody else', (name, port, expected) => {
  expect(callers(name, port)).toEqual(expected);
});

test('no pod reaches the world outside, but for backups', () => {
  for (const [name, end] of Object.entries(PODS)) {
    const reaches = (address: string, number: number) => isOpen(POLICIES, end, { address }, { number });
    expect([name, reaches('198.51.100.9', 443), reaches('203.0.113.7', 443)]).toEqual([name, false, false]);
    expect(reaches('203.0.113.7', 9000)).toBe(['manager', 'instance', 'image', 'source'].includes(name));
  }
});

test('upstream’s six policies restrict ingress and nothing else', () => {
  expect(names(upstreamPolicies())).toEqual([
    'backing-image-data-source',
    'backing-image-manager',
    'instance-manager',
    'longhorn-manager',
    'longhorn-recovery-backend',
    'longhorn-webhook',
  ]);
  for (const { spec } of upstreamPolicies()) expect(spec?.policyTypes).toEqual(['Ingress']);
});

test('every policy is in Longhorn’s namespace under a name of its own', () => {
  const all = [...upstreamPolicies(), ...flowPolicies(everything)];
  for (const { metadata } of all) expect(metadata?.namespace).toBe('longhorn-system');
  expect(new Set(names(all)).size).toBe(all.length);
});

test.each([
  { app: 'longhorn-manager' },
  { app: 'longhorn-manager', 'longhorn.io/admission-webhook': 'longhorn-admission-webhook' },
  { 'longhorn.io/component': 'instance-manager' },
  { 'longhorn.io/component': 'backing-image-manager' },
  { 'longhorn.io/component': 'backing-image-data-source' },
])('the whole namespace does not reach %j, which upstream restricts', (labels) => {
  expect(selects(named('longhorn-within-namespace').podSelector, labels)).toBe(false);
});

test.each([
  { 'longhorn.io/component': 'share-manager' },
  { app: 'longhorn-ui' },
  { app: 'longhorn-csi-plugin' },
  { app: 'csi-provisioner' },
  {},
])('the whole namespace reaches %j, which upstream leaves alone', (labels) => {
  expect(selects(named('longhorn-within-namespace').podSelector, labels)).toBe(true);
});

test('all pods reach the namespace, DNS and the API server, and no policy opens the whole world', () => {
  expect(named('longhorn-egress')).toMatchObject({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      { to: [{ podSelector: {} }] },
      { to: [{ podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }] },
      { to: [{ ipBlock: { cidr: '192.0.2.10/32' } }] },
    ],
  });
  for (const { spec } of flowPolicies(everything)) {
    for (const { to } of spec?.egress ?? []) expect(to?.length).toBeGreaterThan(0);
    for (const { from } of spec?.ingress ?? []) expect(from?.length).toBeGreaterThan(0);
  }
});

test('Prometheus reaches the manager’s port where the site has a monitoring namespace, and only there', () => {
  expect(named('longhorn-manager-metrics')).toMatchObject({
    podSelector: { matchLabels: { app: 'longhorn-manager' } },
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
        ports: [{ protocol: 'TCP', port: { value: 9500 } }],
      },
    ],
  });
  const { apiServer, dns } = cluster;
  expect(names(flowPolicies({ ...everything, cluster: { apiServer, dns } }))).not.toContain(
    'longhorn-manager-metrics',
  );
});

test('NFS is open to the nodes’ networks only', () => {
  expect(named('longhorn-shared-volumes')).toMatchObject({
    podSelector: { matchLabels: { 'longhorn.io/component': 'share-manager' } },
    ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: { value: 2049 } }] }],
  });
  expect(names(flowPolicies({ ...everything, nodeCidrs: [] }))).not.toContain('longhorn-shared-volumes');
});

test('only the manager and the data path reach the backup target, on its port', () => {
  const egress = [
    { to: [{ ipBlock: { cidr: '203.0.113.7/32' } }], ports: [{ protocol: 'TCP', port: { value: 9000 } }] },
  ];
  for (const name of ['longhorn-manager-backup', 'longhorn-data-backup']) {
    expect(named(name)).toMatchObject({ policyTypes: ['Egress'], egress });
    expect(named(name).egress).toHaveLength(1);
    expect(selects(named(name).podSelector, { app: 'longhorn-ui' })).toBe(false);
  }
  expect(selects(named('longhorn-manager-backup').podSelector, { app: 'longhorn-manager' })).toBe(true);
  expect(
    selects(named('longhorn-data-backup').podSelector, { 'longhorn.io/component': 'instance-manager' }),
  ).toBe(true);
});

test('without a backup target no policy for it exists', () => {
  expect(names(flowPolicies({ ...everything, backupEgress: [] }))).not.toContain('longhorn-manager-backup');
});
