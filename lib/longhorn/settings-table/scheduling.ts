import { flag, oneOf, percent, text, whole } from './setting';

/** Where replicas are put, and what counts as room for them. */
export const SCHEDULING = {
  'allow-volume-creation-with-degraded-availability': flag(
    'true',
    'Makes and attaches a volume although not all of its copies have found a place.',
  ),
  'disable-scheduling-on-cordoned-node': flag('true', 'Puts no new replica on a cordoned node.'),
  'replica-soft-anti-affinity': flag(
    'false',
    'Lets two copies of a volume share a node: its loss then costs both.',
  ),
  'replica-zone-soft-anti-affinity': flag(
    'true',
    'Lets two copies of a volume share a zone (topology.kubernetes.io/zone).',
  ),
  'replica-disk-soft-anti-affinity': flag(
    'true',
    'Lets two copies of a volume share a disk where they share a node.',
  ),
  'replica-auto-balance': oneOf(
    'disabled',
    'least-effort',
    'best-effort',
  )(
    'disabled',
    'Spreads copies over nodes that join: least-effort until redundancy is reached, best-effort until it is even.',
  ),
  'replica-auto-balance-disk-pressure-percentage': percent(100)(
    '90',
    'Used part of a disk from which best-effort balance moves replicas to another disk of the node; 0 never.',
  ),
  'storage-over-provisioning-percentage': percent()(
    '100',
    'Sum of the sizes of all replicas on a disk, relative to what the disk can hold.',
  ),
  'storage-minimal-available-percentage': percent(100)(
    '25',
    'Part of a disk that must stay free; with less, no replica is added.',
  ),
  'storage-reserved-percentage-for-default-disk': percent(100)(
    '30',
    'Part of a default disk that Longhorn leaves to others; it matters only while the disk is added.',
  ),
  'allow-empty-node-selector-volume': flag(
    'true',
    'Lets volumes without node selector use nodes that have tags.',
  ),
  'allow-empty-disk-selector-volume': flag(
    'true',
    'Lets volumes without disk selector use disks that have tags.',
  ),
  'csi-storage-capacity-tracking': flag(
    'false',
    'Tells the Kubernetes scheduler how much room each node has; nodes without a disk then get no pods with volumes.',
  ),
  'csi-allowed-topology-keys': text(
    /^$|^[\w./-]+(,[\w./-]+)*$/,
    'node labels, separated by commas, or nothing',
    'topology.kubernetes.io/zone',
  )('', 'Node labels that bind a volume to its part of the cluster; changing it restarts the CSI pods.'),
  'kubernetes-cluster-autoscaler-enabled': flag(
    'false',
    'Lets the cluster autoscaler remove nodes that hold no last copy and no volume in use; experimental.',
  ),
  'orphan-resource-auto-deletion': text(
    /^$|^(replica-data|instance)(;(replica-data|instance))?$/,
    'replica-data, instance, both with a semicolon between them, or nothing',
    'replica-data;instance',
  )('', 'What is deleted by itself when it belongs to nothing any more; replica-data deletes data.'),
  'orphan-resource-auto-deletion-grace-period': whole(
    0,
    undefined,
    'seconds',
  )('300', 'Pause before something orphaned is deleted by itself.'),
};
