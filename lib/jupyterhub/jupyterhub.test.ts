import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../kubernetes/object';
import { at, labelsAt, listAt, textAt, textsAt } from '../kubernetes/read';
import { CONFIG_HASH, hashOf } from './hub';
import { JupyterHub, type JupyterHubProps } from './jupyterhub';
import { CPU_PROFILE, objectsOf, PROPS } from './jupyterhub.fixture';

const synthesise = (props: JupyterHubProps) => objectsOf((scope) => new JupyterHub(scope, 'hub', props));
const all = synthesise(PROPS);

function named(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

const pod = (name: string) => at(named(all, 'Deployment', name), 'spec', 'template', 'spec');

test('two runs give the same objects, none of them a Secret or anything of Helm', () => {
  expect(synthesise(PROPS)).toEqual(all);
  expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  expect(JSON.stringify(all)).not.toMatch(/helm/i);
});

test('the hub restarts when its configuration changes, and nothing else does', () => {
  const { hub } = PROPS;
  const profiles = [{ ...CPU_PROFILE, displayName: 'Another name' }];
  const changed = synthesise({
    ...PROPS,
    hub: { ...hub, configuration: { ...hub.configuration, profiles } },
  });
  const different = changed.filter((object, index) => JSON.stringify(object) !== JSON.stringify(all[index]));
  expect(different.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ConfigMap hub',
    'Deployment hub',
  ]);
});

test('the annotation of the hub is the hash of the data of its ConfigMap', () => {
  const data = labelsAt(named(all, 'ConfigMap', 'hub'), 'data');
  const sorted = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  const template = at(named(all, 'Deployment', 'hub'), 'spec', 'template');
  expect(labelsAt(template, 'metadata', 'annotations')[CONFIG_HASH]).toBe(hash);
  expect(hashOf({ b: '2', a: '1' })).toBe(hashOf({ a: '1', b: '2' }));
  expect(hashOf({ a: '1' })).not.toBe(hashOf({ a: '2' }));
});

test('the database is never deleted by Argo CD and comes in the wave of the hub', () => {
  const annotations = (kind: string, name: string) =>
    labelsAt(named(all, kind, name), 'metadata', 'annotations');
  const claim = annotations('PersistentVolumeClaim', 'hub-db-dir');
  expect(claim['argocd.argoproj.io/sync-options']).toBe('Prune=false,Delete=false');
  expect(claim['argocd.argoproj.io/sync-wave']).toBe(
    annotations('Deployment', 'hub')['argocd.argoproj.io/sync-wave'],
  );
});

test('shared volumes are claims of the users’ namespace that Argo CD never deletes', () => {
  for (const name of ['shared-work', 'cvmfs']) {
    const claim = named(all, 'PersistentVolumeClaim', name);
    expect(claim.metadata.namespace).toBe('jupyterhub-users');
    expect(claim.metadata.annotations?.['argocd.argoproj.io/sync-options']).toBe('Prune=false,Delete=false');
  }
  expect(named(all, 'PersistentVolumeClaim', 'cvmfs')).toMatchObject({
    spec: { accessModes: ['ReadOnlyMany'], storageClassName: 'cvmfs' },
  });
});

test.each(['hub', 'proxy'])(
  'of the %s there is one pod, and an old one ends before a new one starts',
  (name) => {
    expect(named(all, 'Deployment', name)).toMatchObject({
      spec: { replicas: 1, strategy: { type: 'Recreate' } },
    });
    expect(at(named(all, 'Deployment', name), 'spec', 'strategy', 'rollingUpdate')).toBeUndefined();
  },
);

test.each([
  ['hub', 300],
  ['proxy', 60],
])(
  'the %s has %i seconds to start, and is restarted after five minutes without an answer only',
  (name, start) => {
    const [container] = listAt(pod(name), 'containers');
    const probe = at(container, 'livenessProbe');
    expect(at(probe, 'initialDelaySeconds')).toBe(start);
    expect(Number(at(probe, 'periodSeconds')) * Number(at(probe, 'failureThreshold'))).toBe(300);
  },
);

test.each(['hub', 'proxy'])('a %s that is busy for half an hour is still asked', (name) => {
  const [container] = listAt(pod(name), 'containers');
  const probe = at(container, 'readinessProbe');
  // There is no other pod that could answer instead.
  expect(Number(at(probe, 'periodSeconds')) * Number(at(probe, 'failureThreshold'))).toBeGreaterThan(1800);
});

test('both read their token from the one Secret, and the hub the rest as files', () => {
  for (const name of ['hub', 'proxy']) {
    const [container] = listAt(pod(name), 'containers');
    expect(listAt(container, 'env')).toContainEqual({
      name: 'CONFIGPROXY_AUTH_TOKEN',
      valueFrom: { secretKeyRef: { name: 'hub-secrets', key: 'auth_token' } },
    });
  }
  expect(listAt(pod('hub'), 'volumes')).toContainEqual({
    name: 'secret',
    secret: { secretName: 'hub-secrets' },
  });
});

test('the proxy has no rights in the cluster, and no pod learns addresses of Services from its environment', () => {
  expect(at(pod('proxy'), 'automountServiceAccountToken')).toBe(false);
  for (const name of ['hub', 'proxy']) expect(at(pod(name), 'enableServiceLinks')).toBe(false);
  expect(JSON.stringify(pod('proxy'))).not.toContain('$(');
});

test('the hub may do in the users’ namespace what KubeSpawner does, and nothing in its own', () => {
  const roles = all.filter(({ kind }) => kind === 'Role');
  expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(['jupyterhub-users']);
  const rules = listAt(roles[0], 'rules').flatMap((rule) =>
    textsAt(rule, 'resources').map((resource) => `${resource}: ${textsAt(rule, 'verbs').join(' ')}`),
  );
  expect(rules).toEqual([
    'pods: list watch create delete',
    'persistentvolumeclaims: get create',
    'events: list watch',
  ]);
  expect(named(all, 'RoleBinding', 'hub')).toMatchObject({
    subjects: [{ kind: 'ServiceAccount', name: 'hub', namespace: 'jupyterhub' }],
  });
});

test('hub and proxy prefer the core nodes and tolerate their taints', () => {
  for (const name of ['hub', 'proxy']) {
    expect(JSON.stringify(at(pod(name), 'affinity'))).toContain(
      '{"key":"analysis-facility/pool","operator":"In","values":["core"]}',
    );
    expect(listAt(pod(name), 'tolerations')).toContainEqual({
      key: 'core',
      operator: 'Exists',
      effect: 'NoSchedule',
    });
    expect(at(pod(name), 'imagePullSecrets')).toEqual([{ name: 'registry' }]);
  }
});

test('without a class the claim of the database gets the default one', () => {
  const { hub } = PROPS;
  const plain = synthesise({ ...PROPS, hub: { ...hub, database: { size: hub.database.size } } });
  expect(at(named(plain, 'PersistentVolumeClaim', 'hub-db-dir'), 'spec', 'storageClassName')).toBeUndefined();
});

test('an Ingress ends TLS with a certificate of the site’s issuer', () => {
  expect(named(all, 'Ingress', 'jupyterhub')).toMatchObject({
    spec: {
      ingressClassName: 'traefik',
      tls: [{ hosts: ['hub.example.org'], secretName: 'hub-tls' }],
      rules: [{ host: 'hub.example.org' }],
    },
  });
  expect(named(all, 'Certificate', 'hub-tls')).toMatchObject({
    spec: {
      secretName: 'hub-tls',
      dnsNames: ['hub.example.org'],
      issuerRef: { kind: 'ClusterIssuer', name: 'public' },
    },
  });
});

test('a Gateway gets a route and no certificate of ours', () => {
  const objects = synthesise({
    ...PROPS,
    entrance: {
      kind: 'gateway',
      host: 'hub.example.org',
      gateway: { name: 'public', namespace: 'ingress' },
      dataPlaneNamespace: 'envoy',
    },
  });
  expect(named(objects, 'HTTPRoute', 'jupyterhub')).toMatchObject({
    spec: {
      hostnames: ['hub.example.org'],
      parentRefs: [{ name: 'public', namespace: 'ingress' }],
      rules: [{ backendRefs: [{ name: 'proxy-public', port: 80 }] }],
    },
  });
  expect(objects.filter(({ kind }) => ['Ingress', 'Certificate'].includes(kind))).toEqual([]);
});

test('a NodePort is a port of the proxy’s Service, and there is no other entrance', () => {
  const objects = synthesise({
    ...PROPS,
    entrance: { kind: 'nodePort', host: 'hub.example.org', port: 30_888 },
  });
  expect(named(objects, 'Service', 'proxy-public')).toMatchObject({
    spec: { type: 'NodePort', ports: [{ nodePort: 30_888 }] },
  });
  expect(textAt(named(all, 'Service', 'proxy-public'), 'spec', 'type')).toBe('ClusterIP');
  expect(objects.filter(({ kind }) => ['Ingress', 'HTTPRoute', 'Certificate'].includes(kind))).toEqual([]);
});
