import { impactOf } from './impact';

const object = (apiVersion: string, kind: string, fields: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'a', namespace: 'ns' },
  ...fields,
});

const pod = (image: string) => ({ spec: { containers: [{ image }] } });
const set = (fields: object) =>
  object('apps/v1', 'StatefulSet', { spec: { replicas: 1, template: pod('a:1'), ...fields } });
const template = (storage: string) => ({
  metadata: { name: 'spool' },
  spec: { resources: { requests: { storage } } },
});
const claim = (storage: string, fields: object = {}) =>
  object('v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage } }, ...fields } });
const storageClass = (fields: object) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'rwo' },
  ...fields,
});
const binding = (name: string, subjects: readonly string[]) =>
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { name }, subjects });

test.each([
  [
    'a size in a template of claims',
    set({ volumeClaimTemplates: [template('50Gi')] }),
    set({ volumeClaimTemplates: [template('100Gi')] }),
    'StatefulSet ns/a: spec.volumeClaimTemplates[0].spec.resources.requests.storage from 50Gi to 100Gi',
  ],
  [
    'one more template, and another Service',
    set({ serviceName: 'a', volumeClaimTemplates: [] }),
    set({ serviceName: 'b', volumeClaimTemplates: [template('1Gi')] }),
    'StatefulSet ns/a: spec.serviceName from a to b, spec.volumeClaimTemplates from [] to [{"metadata":{"name":"spool"},"spec":{"resources":{"requests":{"storage":"1Gi"}}}}]',
  ],
  [
    'a selector',
    object('apps/v1', 'Deployment', { spec: { selector: { matchLabels: { app: 'a' } } } }),
    object('apps/v1', 'Deployment', { spec: { selector: { matchLabels: { app: 'a', tier: 'b' } } } }),
    'Deployment ns/a: spec.selector.matchLabels.tier from nothing to b',
  ],
  [
    'a smaller claim, in another unit',
    claim('1Ti'),
    claim('1000Gi'),
    'PersistentVolumeClaim ns/a: spec.resources.requests.storage from 1Ti to 1000Gi',
  ],
  [
    'the class of a claim',
    claim('1Gi', { storageClassName: 'a' }),
    claim('2Gi', { storageClassName: 'b' }),
    'PersistentVolumeClaim ns/a: spec.storageClassName from a to b',
  ],
  [
    'a parameter of a class',
    storageClass({ parameters: { numberOfReplicas: '3' } }),
    storageClass({ parameters: { numberOfReplicas: '2' } }),
    'StorageClass rwo: parameters.numberOfReplicas from 3 to 2',
  ],
  ['the role of a binding', binding('a', []), binding('b', []), 'RoleBinding ns/a: roleRef.name from a to b'],
])('%s is refused', (_, before, after, text) => {
  expect(impactOf(before, after)).toEqual([{ what: 'refused', text }]);
});

const service = (name: string, ...nodePorts: readonly (number | undefined)[]) => ({
  ...object('v1', 'Service', {
    spec: { ports: nodePorts.map((nodePort) => ({ port: 9618, ...(nodePort && { nodePort }) })) },
  }),
  metadata: { name, namespace: 'ns' },
});

test('a NodePort that another Service still has is refused, also to one that had another', () => {
  const others = [service('b', 30002), service('c', 30003), 'edited by hand'];
  expect(impactOf(service('a', 30001), service('a', 30002), [service('a', 30001), ...others])).toEqual([
    {
      what: 'refused',
      text: 'Service ns/a: spec.ports[0].nodePort from 30001 to 30002, which Service ns/b still has',
    },
  ]);
  expect(impactOf(service('a', 30001), service('a', 30001, 30003), others)).toEqual([
    {
      what: 'refused',
      text: 'Service ns/a: spec.ports[1].nodePort from nothing to 30003, which Service ns/c still has',
    },
  ]);
});

test('a new Service does not get the NodePort of one that leaves, because Argo CD deletes last', () => {
  const leaving = [service('b', 30002)];
  expect(impactOf(undefined, service('a', 30002), leaving)).toEqual([
    {
      what: 'refused',
      text: 'Service ns/a: spec.ports[0].nodePort from nothing to 30002, which Service ns/b still has',
    },
  ]);
  expect(impactOf(undefined, service('a', 30001), leaving)).toEqual([]);
  expect(impactOf(undefined, set({}), leaving)).toEqual([]);
});

test.each([
  ['that nobody has', service('a', 30001), service('a', 30004)],
  ['of its own, at another place', service('a', 30001, 30002), service('a', 30002, 30001)],
  ['that Kubernetes chooses', service('a', 30001), service('a', undefined)],
])('a NodePort %s is not refused', (_, before, after) => {
  expect(impactOf(before, after, [before, service('c', 30003), service('d', undefined)])).toEqual([]);
});

test('nobody is told of a restart that the API server will not let happen', () => {
  const after = set({ serviceName: 'b', template: pod('a:2') });
  expect(impactOf(set({ serviceName: 'a' }), after).map(({ what }) => what)).toEqual(['refused']);
});

const deployment =
  (strategy: object, seconds?: number, replicas = 2) =>
  (image: string) =>
    object('apps/v1', 'Deployment', {
      spec: {
        replicas,
        strategy,
        template: { spec: { terminationGracePeriodSeconds: seconds, ...pod(image).spec } },
      },
    });
const daemonSet = (maxUnavailable: number | string) => (image: string) =>
  object('apps/v1', 'DaemonSet', {
    spec: { updateStrategy: { rollingUpdate: { maxUnavailable } }, template: pod(image) },
  });

test.each([
  ['Deployment ns/a: its pods, a few at a time', deployment({})],
  ['Deployment ns/a: its pod ends before the new one starts', deployment({ type: 'Recreate' }, 30)],
  [
    'Deployment ns/a: its pods, one after the other; each takes up to 3660 s to end',
    deployment({ rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }, 3660),
  ],
  ['StatefulSet ns/a: its pods, one after the other', (image: string) => set({ template: pod(image) })],
  ['DaemonSet ns/a: its pods, on all nodes at once', daemonSet('100%')],
  ['DaemonSet ns/a: its pods, node by node', daemonSet(1)],
])('restarts %s', (text, make) => {
  expect(impactOf(make('a:1'), make('a:2'))).toEqual([{ what: 'restarts', text }]);
  expect(impactOf(make('a:1'), make('a:1'))).toEqual([]);
});

test.each([
  ['a workload without pods', deployment({}, 30, 0)('a:1'), deployment({}, 30, 0)('a:2')],
  ['another number of replicas', deployment({}, 30, 1)('a:1'), deployment({}, 30, 2)('a:1')],
  ['a claim that grows', claim('1000Gi'), claim('1Ti')],
  ['a class that lets volumes grow', storageClass({}), storageClass({ allowVolumeExpansion: true })],
  ['whom a role is bound to', binding('a', ['x']), binding('a', ['y'])],
  [
    'a kind of which nothing is known',
    object('v1', 'Other', { spec: 1 }),
    object('v1', 'Other', { spec: 2 }),
  ],
  ['a file that somebody has edited', 'edited by hand', set({})],
  ['a file without an object', { resources: ['a'] }, { resources: ['b'] }],
])('%s is neither refused nor restarted', (_, before, after) => {
  expect(impactOf(before, after)).toEqual([]);
});
