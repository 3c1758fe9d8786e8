import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { CONFIRMED } from '../kubernetes/protection';
import type { Bytes } from '../kubernetes/quantity';
import { metadata, objectName, selector, type Member } from './metadata';
import { SPOOL } from './pod';
import { PORT } from './release';

/** Objects that the workloads of a pool have in common. */

/** How clients outside the cluster reach a daemon. */
export interface OutsidePort {
  /** Port on every node, and on the load balancer. */
  readonly port: number;
  readonly serviceType: 'NodePort' | 'LoadBalancer';
  /** Networks in CIDR notation of the clients. @default everywhere */
  readonly allowFrom?: readonly string[];
}

/**
 * The Service inside the cluster.
 *
 * Its address is published before the pod is ready where the whole pool waits for it: a collector that has just started
 * is known by nobody until it is asked, so a probe must not come first.
 */
export function service(member: Member, publishNotReadyAddresses: boolean): k8s.KubeServiceProps {
  return {
    metadata: metadata(member),
    spec: {
      type: 'ClusterIP',
      ...(publishNotReadyAddresses ? { publishNotReadyAddresses } : {}),
      selector: selector(member),
      ports: [condorPort(PORT)],
    },
  };
}

/**
 * The Service for clients outside.
 *
 * Where only some networks may come, nodes hand on their own pods' connections only: otherwise the policy would see the
 * address of a node instead of the client's.
 */
export function outsideService(member: Member, outside: OutsidePort): k8s.KubeServiceProps {
  const { allowFrom } = outside;
  return {
    metadata: metadata(member, '-external'),
    spec: {
      type: outside.serviceType,
      externalTrafficPolicy: allowFrom ? 'Local' : 'Cluster',
      ...(outside.serviceType === 'LoadBalancer' && allowFrom
        ? { loadBalancerSourceRanges: [...allowFrom] }
        : {}),
      selector: selector(member),
      ports: [{ ...condorPort(outside.port), nodePort: outside.port }],
    },
  };
}

function condorPort(port: number): k8s.ServicePort {
  return { name: 'condor', port, protocol: 'TCP', targetPort: k8s.IntOrString.fromString('condor') };
}

export function configMap(
  member: Member,
  suffix: '-config' | '-maps' | '-settings' | '-program' | '-apptainer',
  data: Readonly<Record<string, string>>,
): k8s.KubeConfigMapProps {
  return { metadata: metadata(member, suffix), data: { ...data } };
}

/**
 * At most one pod of a group is ever moved at a time, because each brings work to a halt for a moment.
 *
 * @param matchExpressions pods that it leaves out: with one of a Job among them, no pod of the group could be moved
 */
export function disruptionBudget(
  member: Member,
  matchExpressions: k8s.LabelSelectorRequirement[] = [],
): k8s.KubePodDisruptionBudgetProps {
  return {
    metadata: metadata(member),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: {
        matchLabels: selector(member),
        ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
      },
    },
  };
}

/**
 * A set of one pod with a volume that outlives both: the claim of a set is never deleted with it.
 *
 * The API server fills in apiVersion and kind of the claim, and the class of cdk8s for the set would drop them: so the
 * set is put together from its typed parts.
 */
export function addStatefulSet(
  scope: Construct,
  member: Member,
  pod: k8s.PodTemplateSpec,
  volume: { readonly class: string; readonly size: Bytes },
): void {
  const claim = k8s.toJson_KubePersistentVolumeClaimProps({
    metadata: { name: SPOOL },
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      storageClassName: volume.class,
      resources: { requests: { storage: k8s.Quantity.fromString(volume.size.text) } },
    },
  });
  const spec = k8s.toJson_StatefulSetSpec({
    serviceName: objectName(member),
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate' },
    selector: { matchLabels: selector(member) },
    template: pod,
  });
  new ApiObject(scope, 'stateful-set', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { ...metadata(member), annotations: CONFIRMED },
    spec: { ...spec, volumeClaimTemplates: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim }] },
  });
}
