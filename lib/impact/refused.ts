import { group, title, type KubernetesObject } from '../kubernetes/object';
import { at, listAt } from '../kubernetes/read';
import { parseBytes } from '../kubernetes/quantity';
import { changesBetween, isWithin, type Change } from './changes';

/** Fields of a kind that are set once, and those among them that may change. */
interface Fixed {
  readonly fields: readonly string[];
  readonly but?: readonly string[];
}

const REQUEST = 'spec.resources.requests.storage';

/**
 * What the API server takes at creation and never again, by group and kind, for the kinds of dist. The api suite asks a real
 * one: a kind that is added here gets its changes in `e2e/suite/changes.ts`.
 *
 * @see https://github.com/kubernetes/kubernetes/tree/master/pkg/apis (`validation.go` of each group)
 */
const FIXED: Readonly<Record<string, Fixed>> = {
  'apps/StatefulSet': {
    fields: ['spec'],
    but: [
      'spec.replicas',
      'spec.ordinals',
      'spec.template',
      'spec.updateStrategy',
      'spec.revisionHistoryLimit',
      'spec.persistentVolumeClaimRetentionPolicy',
      'spec.minReadySeconds',
    ],
  },
  'apps/Deployment': { fields: ['spec.selector'] },
  'apps/DaemonSet': { fields: ['spec.selector'] },
  '/PersistentVolumeClaim': { fields: ['spec'], but: [REQUEST, 'spec.volumeAttributesClassName'] },
  '/Service': { fields: ['spec.clusterIP'] },
  'storage.k8s.io/StorageClass': {
    fields: ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'],
  },
  'scheduling.k8s.io/PriorityClass': { fields: ['value', 'preemptionPolicy'] },
  'rbac.authorization.k8s.io/RoleBinding': { fields: ['roleRef'] },
  'rbac.authorization.k8s.io/ClusterRoleBinding': { fields: ['roleRef'] },
};

/**
 * Changes that the API server refuses; with one of them it takes none of the object.
 *
 * @param others what other objects are until the cluster has taken the change
 */
export function refusedChanges(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  others: readonly KubernetesObject[],
): readonly Change[] {
  const kind = `${group(after)}/${after.kind}`;
  const { fields, but = [] } = FIXED[kind] ?? { fields: [] };
  const fixed = changesBetween(before, after).filter(
    ({ path }) =>
      fields.some((field) => isWithin(path, field)) && !but.some((field) => isWithin(path, field)),
  );
  if (kind === '/PersistentVolumeClaim') return [...fixed, ...smaller(before, after)];
  return kind === '/Service' ? [...fixed, ...takenPorts(before, after, others)] : fixed;
}

/** A claim may grow and never shrink. */
function smaller(before: KubernetesObject | undefined, after: KubernetesObject): readonly Change[] {
  const path = REQUEST.split('.');
  const [was, is] = [before, after].map((object) => at(object, ...path));
  return bytes(is) < bytes(was) ? [{ path, before: was, after: is }] : [];
}

/** A NodePort belongs to one Service of the cluster, and nobody gets it before that one has let go of it. */
function takenPorts(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  others: readonly KubernetesObject[],
): readonly Change[] {
  const own = nodePorts(before);
  return nodePorts(after).flatMap((port, index) => {
    const holder = others.find((other) => nodePorts(other).includes(port));
    if (port === undefined || own.includes(port) || holder === undefined) return [];
    const path = ['spec', 'ports', index, 'nodePort'];
    return [{ path, before: own[index], after: port, because: `which ${title(holder)} still has` }];
  });
}

function nodePorts(service: KubernetesObject | undefined): readonly unknown[] {
  return listAt(service, 'spec', 'ports').map((port) => port['nodePort']);
}

function bytes(amount: unknown): number {
  const parsed = parseBytes(String(amount));
  return 'value' in parsed ? parsed.value.bytes : NaN;
}
