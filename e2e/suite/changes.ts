import YAML from 'yaml';
import { impactOf } from '../../lib/impact/impact';
import type { Steps } from '../../lib/impact/changes';
import { title, type KubernetesObject } from '../../lib/kubernetes/object';
import { at, listAt, textAt } from '../../lib/kubernetes/read';
import { kubectl, mustKubectl } from '../cluster/kubectl';
import { dryRun } from './apply';
import type { Look } from './look';
import { nameOf, read } from './objects';

/** A field, and its new value, which may follow from the old one. */
type Planted = readonly [path: Steps, value: unknown];

const SIZE: Steps = ['spec', 'resources', 'requests', 'storage'];
const GRACE: Planted = [['spec', 'template', 'spec', 'terminationGracePeriodSeconds'], 77];
/** A selector must fit the labels, so both change. */
const SELECTOR: readonly Planted[] = [
  [['spec', 'selector', 'matchLabels', 'e2e'], 'changed'],
  [['spec', 'template', 'metadata', 'labels', 'e2e'], 'changed'],
];
const other = (first: string, second: string) => (value: unknown) => (value === first ? second : first);

/** Changes that somebody may make to objects of dist: for each kind some that are refused, and some that are not. */
const CHANGES: Readonly<Record<string, readonly (readonly Planted[])[]>> = {
  StatefulSet: [
    SELECTOR,
    [[['spec', 'serviceName'], 'other']],
    [[['spec', 'podManagementPolicy'], 'Parallel']],
    [[['spec', 'volumeClaimTemplates', 0, ...SIZE], '999Gi']],
    [[['spec', 'volumeClaimTemplates', 0, 'spec', 'storageClassName'], 'other']],
    [[['spec', 'replicas'], 2]],
    [[['spec', 'minReadySeconds'], 5]],
    [[['spec', 'revisionHistoryLimit'], 3]],
    [[['spec', 'updateStrategy'], { type: 'OnDelete' }]],
    [[['spec', 'persistentVolumeClaimRetentionPolicy'], { whenDeleted: 'Retain', whenScaled: 'Delete' }]],
    [GRACE],
  ],
  Deployment: [SELECTOR, [[['spec', 'replicas'], 7]], [GRACE]],
  DaemonSet: [SELECTOR, [GRACE]],
  PersistentVolumeClaim: [
    [[SIZE, '1Mi']],
    [[['spec', 'accessModes'], ['ReadOnlyMany']]],
    [[['spec', 'storageClassName'], 'other']],
    [[['spec', 'volumeMode'], 'Block']],
    [[SIZE, '9Pi']],
  ],
  Service: [[[['spec', 'clusterIP'], 'None']], [[['spec', 'ports', 0, 'port'], 7777]]],
  StorageClass: [
    [[['parameters', 'numberOfReplicas'], '9']],
    [[['provisioner'], 'other.example.org']],
    [[['reclaimPolicy'], other('Retain', 'Delete')]],
    [[['volumeBindingMode'], other('Immediate', 'WaitForFirstConsumer')]],
    [[['allowVolumeExpansion'], false]],
    [[['mountOptions'], ['noatime']]],
  ],
  PriorityClass: [[[['value'], 5]], [[['preemptionPolicy'], 'Never']], [[['description'], 'changed']]],
  RoleBinding: [[[['roleRef', 'name'], 'other']], [[['subjects', 0, 'name'], 'other']]],
  ClusterRoleBinding: [[[['roleRef', 'name'], 'other']], [[['subjects', 0, 'name'], 'other']]],
};

/** A change, and what other objects are meanwhile. */
interface Tried {
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject;
  readonly others?: readonly KubernetesObject[];
}

/** Whether the API server refuses exactly what the impact report says that it refuses. */
export function refusals(objects: readonly KubernetesObject[]): Look {
  const tried: readonly Tried[] = [
    ...Object.entries(CHANGES).flatMap(([kind, changes]) => {
      const object = objects.find((each) => each.kind === kind && isUsable(each));
      return object ? changes.map((planted) => ({ before: object, after: changed(object, planted) })) : [];
    }),
    ...takenPorts(objects),
  ];
  const objections = tried.flatMap(({ before, after, others = [] }) => {
    const said = impactOf(before, after, others).find(({ what }) => what === 'refused')?.text;
    const answer = dryRun(after);
    if ((said === undefined) === (answer === '')) return [];
    return [said === undefined ? `${title(after)} is refused: ${answer}` : `is not refused: ${said}`];
  });
  return { looked: tried.length, objections };
}

/** A Service that is there, and a new one, with a port of the nodes that another Service has. */
function takenPorts(objects: readonly KubernetesObject[]): Tried[] {
  const services = objects.filter(({ kind }) => kind === 'Service');
  const holder = services.find((service) => nodePort(service) !== undefined);
  const before = services.find((service) => service !== holder && isUsable(service));
  if (!holder || !before) return [];
  const after = changed(before, [
    [['spec', 'type'], 'NodePort'],
    [['spec', 'ports', 0, 'nodePort'], nodePort(holder)],
  ]);
  return [
    { before, after, others: [holder] },
    { before: undefined, after: changed(after, [[['metadata', 'name'], 'e2e-new']]), others: [holder] },
  ];
}

const nodePort = (service: KubernetesObject) => listAt(service, 'spec', 'ports')[0]?.['nodePort'];

/** A Service without an address has none to change, and a claim without a volume takes no change at all. */
function isUsable(object: KubernetesObject): boolean {
  if (object.kind === 'Service') return at(object, 'spec', 'clusterIP') === undefined;
  if (object.kind !== 'PersistentVolumeClaim') return true;
  const { name, namespace = '' } = object.metadata;
  return at(read(['persistentvolumeclaim', name, `--namespace=${namespace}`]), 'status', 'phase') === 'Bound';
}

function changed(object: KubernetesObject, planted: readonly Planted[]): KubernetesObject {
  const document = new YAML.Document(object);
  for (const [path, value] of planted) {
    const old: unknown = document.getIn(path);
    document.setIn(path, typeof value === 'function' ? (value as (old: unknown) => unknown)(old) : value);
  }
  return document.toJS() as KubernetesObject;
}

/** The first access point of a site. */
export function accessPoint(objects: readonly KubernetesObject[]): KubernetesObject {
  const found = objects.find(
    ({ kind, metadata }) => kind === 'StatefulSet' && metadata.name.startsWith('access-point-'),
  );
  if (found === undefined) throw new Error('the site has no access point');
  return found;
}

/** A StatefulSet whose volumes are made with another size. */
export const withSize = (set: KubernetesObject, size: string) =>
  changed(set, [[['spec', 'volumeClaimTemplates', 0, ...SIZE], size]]);

/**
 * Grows the volume of a StatefulSet as far as the guide lets people do it by hand: the claim, and the set deleted without its
 * pods. Whoever applies dist makes it anew.
 *
 * @returns asks what has not come about yet
 */
export function growByHand(set: KubernetesObject, size: string): () => readonly string[] {
  const { name, namespace = '' } = set.metadata;
  const inNamespace = `--namespace=${namespace}`;
  const [template] = listAt(set, 'spec', 'volumeClaimTemplates');
  const claim = ['persistentvolumeclaim', `${nameOf(template)}-${name}-0`, inNamespace];
  const uid = () => textAt(read(['pod', `${name}-0`, inNamespace]), 'metadata', 'uid');
  const before = uid();
  const patch = JSON.stringify({ spec: { resources: { requests: { storage: size } } } });
  mustKubectl(['patch', ...claim, '--type=merge', '--patch', patch]);
  mustKubectl(['delete', 'statefulset', name, inNamespace, '--cascade=orphan']);
  return () => {
    const { status, out } = kubectl(['get', 'statefulset', name, inNamespace, '--output=json']);
    if (status !== 0) return ['there is no set'];
    const now: unknown = JSON.parse(out);
    const sizes = listAt(now, 'spec', 'volumeClaimTemplates').map((each) => at(each, ...SIZE.map(String)));
    return [
      ...(sizes[0] === size ? [] : [`the set makes volumes of ${String(sizes[0])}`]),
      ...(at(now, 'status', 'readyReplicas') === 1 ? [] : ['the set has not taken the pod']),
      ...(at(read(claim), ...SIZE.map(String)) === size ? [] : ['the claim is as before']),
      ...(uid() === before ? [] : ['the pod is another one']),
    ];
  };
}
