import { title, type KubernetesObject } from '../kubernetes/object';
import { at, find, FULL, NAMES, SMALL, synth } from './cert-manager.fixture';
import { RELEASE } from './release';

const full = synth(FULL);
const small = synth(SMALL);

function ofKind(objects: readonly KubernetesObject[], ...kinds: string[]): KubernetesObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

const container = (deployment: KubernetesObject) =>
  at(deployment, 'spec', 'template', 'spec', 'containers', 0);
const args = (objects: readonly KubernetesObject[], name: string) =>
  at(container(find(objects, 'Deployment', name)), 'args');

test('all 40 plain objects of upstream are there, and no two share kind and name', () => {
  const upstream = full.filter(({ kind }) => !['NetworkPolicy', 'PodDisruptionBudget'].includes(kind));
  expect(upstream).toHaveLength(40);
  expect(new Set(full.map(title)).size).toBe(full.length);
});

test('leaders are elected in the namespace that the arguments name and the roles are in', () => {
  for (const name of ['cert-manager', 'cert-manager-cainjector']) {
    expect(args(full, name)).toContain('--leader-election-namespace=cert-manager');
    for (const kind of ['Role', 'RoleBinding']) {
      expect(find(full, kind, `${name}:leaderelection`).metadata.namespace).toBe('cert-manager');
    }
  }
});

test('nothing touches kube-system', () => {
  expect(JSON.stringify(full)).not.toContain('kube-system');
});

test('every object is cluster-scoped by kind or states its namespace', () => {
  const clusterScoped = /^Cluster|WebhookConfiguration$/;
  const namespaced = full.filter(({ kind }) => !clusterScoped.test(kind));
  expect(namespaced.length).toBeGreaterThan(15);
  for (const { metadata } of namespaced) expect(metadata.namespace).toBe('cert-manager');
  for (const { kind, metadata } of full) {
    if (clusterScoped.test(kind)) expect(metadata.namespace).toBeUndefined();
  }
});

test('the bundle that the cainjector writes is stated nowhere, and the injection is asked for', () => {
  expect(JSON.stringify(full)).not.toContain('caBundle');
  const configurations = ofKind(full, 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration');
  expect(configurations).toHaveLength(2);
  for (const { metadata } of configurations) {
    expect(metadata.annotations).toEqual({
      'cert-manager.io/inject-ca-from-secret': 'cert-manager/cert-manager-webhook-ca',
    });
  }
  expect(args(full, 'cert-manager-webhook')).toContain(
    '--dynamic-serving-ca-secret-name=cert-manager-webhook-ca',
  );
});

test('no Helm hook, label or start-up check is left, and no issuer or certificate', () => {
  expect(JSON.stringify(full)).not.toMatch(/helm|managed-by|startupapicheck/);
  expect(ofKind(full, 'Job', 'ClusterIssuer', 'Issuer', 'Certificate')).toEqual([]);
});

test.each([
  ['cert-manager', 2, '20m'],
  ['cert-manager-cainjector', 1, '30m'],
  ['cert-manager-webhook', 3, '40m'],
])('%s runs as often, and asks for as much, as the site says', (name, replicas, requested) => {
  const deployment = find(full, 'Deployment', name);
  expect(at(deployment, 'spec', 'replicas')).toBe(replicas);
  expect(at(container(deployment), 'resources')).toEqual({
    requests: { cpu: requested, memory: '128Mi' },
    limits: { memory: '128Mi' },
  });
});

test.each([
  ['cert-manager', 'livenessProbe', 80],
  ['cert-manager-webhook', 'livenessProbe', 30],
  ['cert-manager-webhook', 'readinessProbe', 15],
])('of %s the %s fails after %i seconds without an answer', (name, probe, seconds) => {
  const { periodSeconds, failureThreshold } = at(container(find(full, 'Deployment', name)), probe) as Record<
    'periodSeconds' | 'failureThreshold',
    number
  >;
  expect(periodSeconds * failureThreshold).toBe(seconds);
});

test('only a program with several replicas has a disruption budget and is spread over nodes', () => {
  const budgets = ofKind(full, 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
  expect(budgets.sort()).toEqual(['cert-manager', 'cert-manager-webhook']);
  const spread = ofKind(full, 'Deployment').filter((deployment) =>
    at(deployment, 'spec', 'template', 'spec', 'topologySpreadConstraints'),
  );
  expect(spread.map(({ metadata }) => metadata.name).sort()).toEqual(budgets);
});

test('a drain takes one replica at a time', () => {
  for (const budget of ofKind(full, 'PodDisruptionBudget')) {
    expect(at(budget, 'spec', 'maxUnavailable')).toBe(1);
  }
});

test('an object is refused rather than stored unchecked while the webhook is away', () => {
  for (const configuration of ofKind(
    full,
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  )) {
    expect(at(configuration, 'webhooks', 0)).toMatchObject({
      failurePolicy: 'Fail',
      clientConfig: { service: { name: 'cert-manager-webhook', namespace: 'cert-manager', port: 443 } },
    });
  }
});

test('no role grants every verb, resource or group', () => {
  const roles = ofKind(full, 'Role', 'ClusterRole');
  expect(roles).toHaveLength(16);
  for (const role of roles) expect(JSON.stringify(at(role, 'rules'))).not.toContain('"*"');
});

test('every image is of the release whose CRDs are applied', () => {
  const images = [...JSON.stringify(full).matchAll(/quay\.io[^"]+/g)].map(([image]) => image);
  expect(images).toHaveLength(4);
  for (const image of images) expect(image).toMatch(new RegExp(`:${RELEASE.version}$`));
  expect(RELEASE.commit).toMatch(/^[0-9a-f]{40}$/);
});

test('the subject and the role of every binding exist', () => {
  const bindings = ofKind(full, 'RoleBinding', 'ClusterRoleBinding');
  expect(bindings).toHaveLength(13);
  for (const binding of bindings) {
    find(full, String(at(binding, 'roleRef', 'kind')), String(at(binding, 'roleRef', 'name')));
    find(full, 'ServiceAccount', String(at(binding, 'subjects', 0, 'name')));
    expect(at(binding, 'subjects', 0, 'namespace')).toBe('cert-manager');
  }
});

test('each Deployment and Service selects labels that the pods carry', () => {
  for (const name of NAMES) {
    const deployment = find(full, 'Deployment', name);
    const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
    expect(labels).toMatchObject(Object(at(deployment, 'spec', 'selector', 'matchLabels')));
    expect(labels).toMatchObject(Object(at(find(full, 'Service', name), 'spec', 'selector')));
    expect(labels).toMatchObject(
      Object(at(find(full, 'NetworkPolicy', name), 'spec', 'podSelector', 'matchLabels')),
    );
  }
});

test('every port states name and protocol, without which server-side apply cannot merge it', () => {
  const ports = [
    ...ofKind(full, 'Deployment').map((deployment) => at(container(deployment), 'ports')),
    ...ofKind(full, 'Service').map((service) => at(service, 'spec', 'ports')),
  ].flatMap((list) => (Array.isArray(list) ? list.map((port: unknown) => port) : []));
  expect(ports).toHaveLength(10);
  for (const port of ports) {
    expect(at(port, 'name')).toMatch(/^[a-z]+(-[a-z]+)?$/);
    expect(at(port, 'protocol')).toBe('TCP');
  }
});

test('every container runs under the restricted Pod Security Standard', () => {
  for (const deployment of ofKind(full, 'Deployment')) {
    expect(at(deployment, 'spec', 'template', 'spec', 'securityContext')).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(at(container(deployment), 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
  }
});

test('pull secrets reach every pod, and no pod names one that the site does not', () => {
  for (const name of NAMES) {
    const spec = at(find(full, 'Deployment', name), 'spec', 'template', 'spec');
    expect(spec).toMatchObject({ imagePullSecrets: [{ name: 'registry' }] });
  }
  expect(JSON.stringify(small)).not.toContain('imagePullSecrets');
});

test('only the controller reads Gateway API objects, and only for a challenge through a Gateway', () => {
  const flag = '--enable-gateway-api';
  expect(args(full, 'cert-manager')).toContain(flag);
  expect(args(full, 'cert-manager-webhook')).not.toContain(flag);
  expect(args(small, 'cert-manager')).not.toContain(flag);
});
