import { CONTAINER, set, add, drop, extra, type Faults } from './planting.fixture';

const INIT_CONTAINER = ['spec', 'template', 'spec', 'initContainers', 0];
const OWN_PROFILE = { type: 'Localhost', localhostProfile: 'profiles/apptainer.json' };
const policy = (spec: object) =>
  add('longhorn', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'planted', namespace: 'longhorn-system' },
    spec,
  });

/** Mistakes that any component can have. */
export const COMMON_FAULTS: Faults = {
  'AF-NET-40': [drop('NetworkPolicy', /^default-deny$/)],
  'AF-NET-41': [
    policy({ podSelector: {}, egress: [{}] }),
    ...['0.0.0.0/0', '::/0', '128.0.0.0/1', 'fc00::/7'].map((cidr) =>
      policy({ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr } }] }] }),
    ),
    policy({
      podSelector: {},
      egress: [{ to: [{ ipBlock: { cidr: '::/0', except: ['fe80::/10'] } }] }],
    }),
  ],
  'AF-NET-42': [
    // Nobody who asks, nobody who answers, another port, other pods, another namespace.
    set('NetworkPolicy', 'exporter', ['spec', 'egress', 1, 'ports', 0, 'port'], 9617),
    set('NetworkPolicy', 'access-point', ['spec', 'ingress'], []),
    set('NetworkPolicy', 'spark-cms', ['spec', 'egress', 0, 'ports', 0, 'port'], 7078),
    set('NetworkPolicy', 'spark-cms', ['spec', 'podSelector', 'matchLabels'], {
      component: 'singleuser-server',
    }),
    set('NetworkPolicy', 'executors', ['spec', 'egress', 0, 'to', 0, 'podSelector'], {}),
    set('NetworkPolicy', 'execute-cpu-dask', ['spec', 'ingress', 0, 'ports', 0, 'endPort'], 10_250),
    set('NetworkPolicy', 'execute-cpu-dask', ['spec', 'egress', 0, 'ports', 0, 'port'], 8787),
    set('NetworkPolicy', 'proxy', ['spec', 'egress', 0, 'ports', 0, 'port'], 8082),
    set('NetworkPolicy', 'hub', ['spec', 'ingress', 1, 'ports', 0, 'port'], 'http'),
  ],
  'AF-REF-40': [
    set('Service', 'cert-manager-webhook', ['spec', 'selector'], {}),
    set('Service', 'cert-manager-webhook', ['spec', 'selector', 'app.kubernetes.io/name'], 'webhok'),
    set('Deployment', 'longhorn-ui', ['spec', 'template', 'metadata', 'labels', 'app'], 'ui'),
    set('Service', 'spark-cms', ['spec', 'selector', 'analysis-facility/spark'], 'atlas'),
  ],
  'AF-REF-41': [set('Service', 'longhorn-frontend', ['spec', 'ports', 0, 'targetPort'], 'web')],
  'AF-REF-42': [
    drop('ServiceAccount', /^cert-manager-webhook$/),
    drop('ClusterRole', /^longhorn-role$/),
    drop('ClusterIssuer', /^self-signed$/),
    (output) => ({ ...output, neededSecrets: [] }),
    extra(['volumes', 1, 'secret', 'secretName'], 'htcondor-token-exekute'),
  ],
  'AF-REF-43': [
    set('ServiceMonitor', 'exporter', ['spec', 'endpoints', 0, 'port'], 'metrics'),
    set('ServiceMonitor', 'exporter', ['spec', 'selector', 'matchLabels'], {}),
    set('ServiceMonitor', 'exporter-certificates', ['spec', 'namespaceSelector'], undefined),
    drop('Service', /^exporter$/),
  ],
  'AF-SEC-40': [
    add('longhorn', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's3' },
      stringData: { key: 'value' },
    }),
    set('ConfigMap', 'argocd-cm', ['data', 'note'], '-----BEGIN EC PRIVATE KEY-----'),
  ],
  'AF-SEC-41': [
    set(
      'Deployment',
      'cert-manager',
      [...CONTAINER, 'image'],
      'quay.io/jetstack/cert-manager-controller:latest',
    ),
    set(
      'Deployment',
      'cert-manager',
      [...CONTAINER, 'args'],
      ['--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver'],
    ),
    set('Deployment', 'longhorn-driver-deployer', [...CONTAINER, 'env', 0], {
      name: 'CSI_ATTACHER_IMAGE',
      value: 'docker.io/longhornio/csi-attacher:v4',
    }),
  ],
  'AF-SEC-42': [
    set('Deployment', 'cert-manager', [...CONTAINER, 'securityContext'], { allowPrivilegeEscalation: true }),
    set('Deployment', 'cert-manager', [...CONTAINER, 'resources', 'limits'], undefined),
    extra(['containers', 0, 'securityContext', 'capabilities'], {}),
    set('Deployment', 'cert-manager', ['spec', 'template', 'spec', 'securityContext', 'runAsNonRoot'], false),
    set('Deployment', 'cert-manager', [...CONTAINER, 'securityContext', 'seccompProfile'], OWN_PROFILE),
    set('Deployment', 'execute-a100', [...INIT_CONTAINER, 'securityContext', 'seccompProfile'], OWN_PROFILE),
    extra(['containers', 0, 'securityContext', 'seccompProfile'], { type: 'Unconfined' }),
  ],
  'AF-SEC-43': [
    set('Deployment', 'cert-manager', ['spec', 'template', 'spec', 'serviceAccountName'], undefined),
    extra(['serviceAccountName'], undefined),
    set('ClusterRoleBinding', 'longhorn-bind', ['roleRef', 'name'], 'cluster-admin'),
    set('ClusterRole', 'longhorn-role', ['rules'], [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  ],
  'AF-SEC-44': [
    extra(['containers', 0, 'securityContext', 'seccompProfile'], undefined),
    set('Deployment', 'execute-cpu', [...CONTAINER, 'securityContext', 'seccompProfile'], OWN_PROFILE),
    set('ConfigMap', 'execute-a100-config', ['data', '50-containers.conf'], undefined),
    extra(['containers', 0, 'securityContext', 'capabilities', 'add'], ['SETGID', 'SETUID', 'SYS_ADMIN']),
    extra(['containers', 0, 'securityContext', 'privileged'], true),
    extra(['containers', 0, 'securityContext', 'procMount'], 'Unmasked'),
  ],
};
