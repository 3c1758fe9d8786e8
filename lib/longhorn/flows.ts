import type { k8s } from 'cdk8s-plus-27';
import type { ClusterNetwork } from '../kubernetes/cluster';
import { fromMonitoring, tcp, toApiServer, toDns } from '../kubernetes/network-policy';
import { APPS, namespaced } from './metadata';
import { COMPONENT, DATA_PATH } from './network-policies';
import { PORTS } from './release';

/** One place outside the cluster where backups go. */
export interface BackupEgress {
  readonly cidrs: readonly string[];
  readonly port: number;
}

export interface FlowProps {
  readonly cluster: ClusterNetwork;
  /** Networks from which nodes mount shared volumes. */
  readonly nodeCidrs: readonly string[];
  readonly backupEgress: readonly BackupEgress[];
}

/**
 * The flows that remain once the namespace denies everything by default, in both directions.
 *
 * A policy with nobody in it is left out, because an empty list of peers admits everybody.
 *
 * @see https://longhorn.io/docs/1.12.1/references/networking/
 */
export function flowPolicies(props: FlowProps): k8s.KubeNetworkPolicyProps[] {
  return [
    everybodysEgress(props.cluster),
    ingressWithinNamespace(),
    ...sharedVolumeIngress(props.nodeCidrs),
    ...backupEgress(props.backupEgress),
    ...metricsIngress(props.cluster),
  ];
}

/**
 * Who may be reached is decided at the other end; Longhorn's pods and ports are too many to name them twice.
 */
function everybodysEgress(cluster: ClusterNetwork): k8s.KubeNetworkPolicyProps {
  return policy('longhorn-egress', {
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [{ podSelector: {} }] }, toDns(cluster), toApiServer(cluster)],
  });
}

/**
 * From the namespace to the pods that upstream's policies leave alone: the manager calls share-managers and
 * support bundles. The manager and the data path are excluded: what upstream narrows for them stays narrow.
 */
function ingressWithinNamespace(): k8s.KubeNetworkPolicyProps {
  return policy('longhorn-within-namespace', {
    podSelector: {
      matchExpressions: [
        { key: 'app', operator: 'NotIn', values: [APPS.manager] },
        { key: COMPONENT, operator: 'NotIn', values: [...DATA_PATH] },
      ],
    },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: {} }] }],
  });
}

/** Shared volumes are mounted by the node's kernel, so the NFS client has the node's address, not a pod's. */
function sharedVolumeIngress(nodeCidrs: readonly string[]): k8s.KubeNetworkPolicyProps[] {
  if (nodeCidrs.length === 0) return [];
  return [
    policy('longhorn-shared-volumes', {
      podSelector: { matchLabels: { [COMPONENT]: 'share-manager' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: nodeCidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(PORTS.nfs)] }],
    }),
  ];
}

/**
 * Only two kinds of pods touch the backup target: the manager lists it, the data path writes and reads it.
 */
function backupEgress(targets: readonly BackupEgress[]): k8s.KubeNetworkPolicyProps[] {
  const egress = targets
    .filter(({ cidrs }) => cidrs.length > 0)
    .map(({ cidrs, port }) => ({ to: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(port)] }));
  if (egress.length === 0) return [];
  const pods: [string, k8s.LabelSelector][] = [
    ['longhorn-manager-backup', { matchLabels: { app: APPS.manager } }],
    [
      'longhorn-data-backup',
      { matchExpressions: [{ key: COMPONENT, operator: 'In', values: [...DATA_PATH] }] },
    ],
  ];
  return pods.map(([name, podSelector]) => policy(name, { podSelector, policyTypes: ['Egress'], egress }));
}

/**
 * Upstream's policy for the manager admits Longhorn's own pods only, and so cuts Prometheus off.
 *
 * Metrics and API share the port: whoever is in the monitoring namespace can also use the API.
 *
 * @see https://github.com/longhorn/longhorn/issues/13740
 */
function metricsIngress(cluster: ClusterNetwork): k8s.KubeNetworkPolicyProps[] {
  const ingress = fromMonitoring(cluster, PORTS.manager);
  if (ingress.length === 0) return [];
  return [
    policy('longhorn-manager-metrics', {
      podSelector: { matchLabels: { app: APPS.manager } },
      policyTypes: ['Ingress'],
      ingress,
    }),
  ];
}

function policy(name: string, spec: k8s.NetworkPolicySpec): k8s.KubeNetworkPolicyProps {
  return { metadata: namespaced(name), spec };
}
