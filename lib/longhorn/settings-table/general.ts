import { flag, oneOf, perEngine, text, whole } from './setting';

const PATH = text(/^(\/[\w.-]+)+\/?$/, 'an absolute path', '/var/lib/longhorn/');
const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const SECRET = text(
  new RegExp(`^$|${NAME.source}`),
  'the name of a Secret in longhorn-system, or nothing',
  'registry',
);

/** Volumes, nodes and pods in general. */
export const GENERAL = {
  'create-default-disk-labeled-nodes': flag(
    'false',
    'Puts a disk only on nodes that carry the label node.longhorn.io/create-default-disk; otherwise on every node.',
  ),
  'default-data-path': PATH('/var/lib/longhorn/', 'Folder on the host for the data of new default disks.'),
  'default-replica-count': perEngine(
    whole(
      1,
      20,
      'replicas',
    )('3', 'Copies of a volume that is made in the UI; a StorageClass states its own.'),
    'v1',
    'v2',
  ),
  'default-data-locality': oneOf(
    'disabled',
    'best-effort',
    'strict-local',
  )(
    'disabled',
    'Whether a volume made in the UI keeps a copy on the node that uses it; a StorageClass states its own.',
  ),
  'default-longhorn-static-storage-class': text(
    NAME,
    'the name of a StorageClass',
    'longhorn-static',
  )('longhorn-static', 'StorageClass that is written into claims made for volumes that exist already.'),
  'default-min-number-of-backing-image-copies': whole(
    1,
    undefined,
    'copies',
  )('3', 'Copies that are kept of each backing image.'),
  'deleting-confirmation-flag': flag(
    'false',
    'Must be true before Longhorn, and with it all data, can be uninstalled.',
  ),
  'disable-revision-counter': perEngine(
    flag(
      'true',
      'Volumes made in the UI do not count every write, which is faster; salvage then compares file times.',
    ),
    'v1',
  ),
  'auto-salvage': flag(
    'true',
    'Brings a volume back by itself when all of its replicas were lost at the same moment.',
  ),
  'auto-delete-pod-when-volume-detached-unexpectedly': flag(
    'true',
    'Deletes a pod that lost its volume, so that its controller starts a new one; pods without controller stay.',
  ),
  'blacklist-for-auto-delete-pod-when-volume-detached-unexpectedly': text(
    /^$|^[\w./]+\/[A-Z]\w*(;[\w./]+\/[A-Z]\w*)*$/,
    'kinds of controllers with their API, separated by semicolons, or nothing',
    'apps/v1/StatefulSet;apps/v1/DaemonSet',
  )('', 'Controllers whose pods are never deleted because of a lost volume.'),
  'node-down-pod-deletion-policy': oneOf(
    'do-nothing',
    'delete-statefulset-pod',
    'delete-deployment-pod',
    'delete-both-statefulset-and-deployment-pod',
  )(
    'do-nothing',
    'Which pods are deleted by force when their node is down, so that they can start elsewhere.',
  ),
  'node-drain-policy': oneOf(
    'block-if-contains-last-replica',
    'block-for-eviction',
    'block-for-eviction-if-contains-last-replica',
    'allow-if-replica-is-stopped',
    'always-allow',
  )(
    'block-if-contains-last-replica',
    'What happens when a node is drained that holds the last copy of a volume.',
  ),
  'detach-manually-attached-volumes-when-cordoned': flag(
    'false',
    'Detaches volumes that were attached by hand when their node is cordoned; otherwise they block the drain.',
  ),
  'rwx-volume-fast-failover': flag(
    'false',
    'Moves the server of a shared volume faster when its node fails; experimental.',
  ),
  'concurrent-automatic-engine-upgrade-per-node-limit': whole(
    0,
    undefined,
    'engines per node',
  )(
    '0',
    'Engines that are upgraded at once after Longhorn itself was; with 0 an admin must do it volume by volume.',
  ),
  'concurrent-volume-backup-restore-per-node-limit': whole(
    0,
    undefined,
    'volumes per node',
  )('5', 'Restores at once on a node; 0 forbids restores.'),
  'registry-secret': SECRET('', 'Secret with which the pods that Longhorn creates pull their images.'),
  'system-managed-pods-image-pull-policy': oneOf(
    'if-not-present',
    'always',
    'never',
  )('if-not-present', 'When the pods that Longhorn creates pull their images.'),
  'backing-image-cleanup-wait-interval': whole(
    0,
    undefined,
    'minutes',
  )('60', 'How long an unused backing image stays on a disk.'),
  'backing-image-recovery-wait-interval': whole(
    0,
    undefined,
    'seconds',
  )('300', 'Pause before a backing image, of which all files failed, is fetched again.'),
  'support-bundle-failed-history-limit': whole(
    0,
    undefined,
    'bundles',
  )('1', 'Failed support bundles that are kept.'),
  'support-bundle-node-collection-timeout': whole(
    0,
    undefined,
    'minutes',
  )('30', 'How long a support bundle waits for the logs of all nodes.'),
  'upgrade-checker': flag('true', 'Asks a server of the Longhorn project for new releases.'),
  'upgrade-responder-url': text(
    /^https?:\/\/\S+$/,
    'a URL',
    'https://responder.example.org/v1/checkupgrade',
  )(
    'https://longhorn-upgrade-responder.rancher.io/v1/checkupgrade',
    'Server that is asked for new releases.',
  ),
  'allow-collecting-longhorn-usage-metrics': flag(
    'true',
    'Sends counts of nodes, volumes and settings to the project.',
  ),
  'kubernetes-metrics-server-metrics-enabled': flag(
    'true',
    'Asks the Metrics Server for processor and memory use; switch off where there is none.',
  ),
  'node-disk-health-monitoring': flag('true', 'Reads and shows the health of the disks of the nodes.'),
  'manager-url': text(
    /^$|^https?:\/\/([\w.-]+|\[[0-9a-fA-F:]+\])(:\d+)?$/,
    'scheme, host and port without a path, or nothing',
    'https://longhorn.example.org',
  )(
    '',
    'Address that the API writes into its answers; a proxy with a log-in at this address breaks the CSI driver.',
  ),
  'log-level': oneOf(
    'Panic',
    'Fatal',
    'Error',
    'Warn',
    'Info',
    'Debug',
    'Trace',
  )('Info', 'How much the manager logs.'),
};
