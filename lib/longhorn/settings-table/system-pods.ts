import { danger, flag, fraction, json, perEngine, text, whole } from './setting';

const TAINT = '[\\w./-]*(=[\\w.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)?';
const LABEL = '[\\w./-]+:[\\w.-]*';
const NETWORK = text(
  /^$|^[a-z0-9-]+\/[a-z0-9.-]+$/,
  'namespace/name of a NetworkAttachmentDefinition, or nothing',
  'net/storage',
);

const CSI_PODS = [
  ...['csi-attacher', 'csi-provisioner', 'csi-resizer', 'csi-snapshotter'],
  ...['longhorn-csi-plugin', 'node-driver-registrar', 'longhorn-liveness-probe'],
];

const list = (item: string) => new RegExp(`^$|^${item}(;${item})*$`);
const probe = (unit: string) => whole(1, 60, unit);

/** The pods that Longhorn itself creates; nearly all of it is Danger Zone. */
export const SYSTEM_PODS = {
  'taint-toleration': danger(
    text(
      list(TAINT),
      'taints as key=value:effect, separated by semicolons, or nothing',
      'nvidia.com/gpu=present:NoSchedule',
    )(
      '',
      'Taints that these pods tolerate: needed on every tainted node where a volume is mounted. Waits for detached volumes.',
    ),
  ),
  'system-managed-components-node-selector': danger(
    text(
      list(LABEL),
      'node labels as key:value, separated by semicolons, or nothing',
      'example.org/role:storage',
    )(
      '',
      'Nodes for these pods; it must cover every node where a volume is mounted. Waits for detached volumes.',
    ),
  ),
  'priority-class': danger(
    text(
      /^$|^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
      'the name of a PriorityClass, or nothing',
      'longhorn-critical',
    )('longhorn-critical', 'Priority of these pods when a node runs short. Waits for detached volumes.'),
  ),
  'system-managed-csi-components-resource-limits': danger(
    json(CSI_PODS, `a JSON object with requests and limits for any of ${CSI_PODS.join(', ')}, or nothing`)(
      '',
      'Processor and memory of the CSI pods; a change restarts them.',
    ),
  ),
  'guaranteed-instance-manager-cpu': danger(
    perEngine(
      fraction(40)(
        '12',
        'Part of the cores of each node that is requested for volumes; 0 requests none. Waits for detached volumes.',
      ),
      'v1',
      'v2',
    ),
  ),
  'storage-network': danger(
    NETWORK('', 'Network of its own for the traffic between replicas (Multus). Waits for detached volumes.'),
  ),
  'endpoint-network-for-rwx-volume': danger(
    NETWORK(
      '',
      'Network of its own for mounts of shared volumes (Multus). Waits for detached shared volumes.',
    ),
  ),
  'engine-image-pod-liveness-probe-period': danger(
    probe('seconds')('5', 'Time between two checks of an engine image pod.'),
  ),
  'engine-image-pod-liveness-probe-timeout': danger(
    probe('seconds')('4', 'How long a check of an engine image pod may take.'),
  ),
  'engine-image-pod-liveness-probe-failure-threshold': danger(
    probe('checks')('3', 'Failed checks after which an engine image pod is restarted.'),
  ),
  'instance-manager-pod-liveness-probe-timeout': danger(
    probe('seconds')(
      '10',
      'How long a check of an instance manager may take; its restart stops the volumes on the node.',
    ),
  ),
  'log-path': danger(
    text(
      /^(\/[\w.-]+)+\/?$/,
      'an absolute path',
      '/var/lib/longhorn/logs/',
    )('/var/lib/longhorn/logs/', 'Folder on the host for logs of v2 instance managers.'),
  ),
  'v1-data-engine': danger(
    flag('true', 'Offers volumes of the iSCSI engine; off only once the last one is detached.'),
  ),
  'v2-data-engine': danger(
    flag('false', 'Offers volumes of the SPDK engine; it keeps a core per node busy all the time.'),
  ),
};
