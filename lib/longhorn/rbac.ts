import type { k8s } from 'cdk8s-plus-27';

const READ = ['get', 'list', 'watch'];
const ALL = ['*'];

/** `longhorn.io` kinds of this release; each with its status. */
const CUSTOM_RESOURCES = [
  ...['volumes', 'engines', 'enginefrontends', 'replicas', 'shards', 'shardgroups', 'volumeattachments'],
  ...['settings', 'nodes', 'engineimages', 'instancemanagers', 'sharemanagers', 'orphans', 'supportbundles'],
  ...['backingimages', 'backingimagemanagers', 'backingimagedatasources', 'backupbackingimages', 'snapshots'],
  ...['backuptargets', 'backupvolumes', 'backups', 'recurringjobs', 'systembackups', 'systemrestores'],
];

const WORKLOADS = ['daemonsets', 'deployments', 'statefulsets', 'replicasets'];
const JOBS = ['jobs', 'cronjobs'];
const CLAIMS = ['persistentvolumeclaims', 'persistentvolumeclaims/status'];
const WEBHOOK_CONFIGURATIONS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

/**
 * What the manager may do in the whole cluster: exactly what upstream asks for.
 *
 * Two lines give it the power to give itself more: `clusterroles` and `clusterrolebindings`. Longhorn needs
 * them to restore a system backup; they cannot be narrowed without breaking that.
 */
export const CLUSTER_RULES: readonly k8s.PolicyRule[] = [
  rule('apiextensions.k8s.io', ['customresourcedefinitions'], ALL),
  rule('', ['pods'], [...READ, 'delete', 'deletecollection']),
  rule('', ['secrets', 'services', 'endpoints', 'configmaps', 'serviceaccounts', 'pods/log'], READ),
  rule('', ['events', 'nodes', 'persistentvolumes', ...CLAIMS], ALL),
  rule('', ['namespaces'], ['get', 'list']),
  rule('apps', WORKLOADS, READ),
  rule('batch', JOBS, READ),
  rule('policy', ['poddisruptionbudgets'], READ),
  rule('scheduling.k8s.io', ['priorityclasses'], ['list', 'watch']),
  rule(
    'storage.k8s.io',
    [
      ...['storageclasses', 'volumeattachments', 'volumeattachments/status', 'volumeattributesclasses'],
      ...['csinodes', 'csidrivers', 'csistoragecapacities'],
    ],
    ALL,
  ),
  rule(
    'snapshot.storage.k8s.io',
    ['volumesnapshotclasses', 'volumesnapshots', 'volumesnapshotcontents', 'volumesnapshotcontents/status'],
    ALL,
  ),
  rule(
    'longhorn.io',
    CUSTOM_RESOURCES.flatMap((kind) => [kind, `${kind}/status`]),
    ALL,
  ),
  rule('coordination.k8s.io', ['leases'], READ),
  rule('metrics.k8s.io', ['pods', 'nodes'], ['get', 'list']),
  rule('apiregistration.k8s.io', ['apiservices'], ['list', 'watch']),
  rule('admissionregistration.k8s.io', WEBHOOK_CONFIGURATIONS, ['get', 'list', 'create', 'patch', 'delete']),
  rule('discovery.k8s.io', ['endpointslices'], READ),
  rule('rbac.authorization.k8s.io', ['roles', 'rolebindings'], READ),
  rule('rbac.authorization.k8s.io', ['clusterroles', 'clusterrolebindings'], ALL),
];

/** What the manager may do in its own namespace, where it creates the rest of Longhorn. */
export const NAMESPACE_RULES: readonly k8s.PolicyRule[] = [
  rule(
    '',
    ['pods', 'pods/log', 'events', 'secrets', 'services', 'endpoints', 'configmaps', 'serviceaccounts'],
    ALL,
  ),
  rule('', CLAIMS, ALL),
  rule('apps', WORKLOADS, ALL),
  rule('batch', JOBS, ALL),
  rule('policy', ['poddisruptionbudgets'], ALL),
  rule('coordination.k8s.io', ['leases'], ALL),
  rule('discovery.k8s.io', ['endpointslices'], ALL),
  rule('rbac.authorization.k8s.io', ['roles', 'rolebindings'], ALL),
];

function rule(group: string, resources: string[], verbs: string[]): k8s.PolicyRule {
  return { apiGroups: [group], resources, verbs };
}
