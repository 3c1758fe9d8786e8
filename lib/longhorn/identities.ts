import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CONFIRMED } from '../kubernetes/protection';
import { clusterScoped, namespaced } from './metadata';
import { CLUSTER_RULES, NAMESPACE_RULES } from './rbac';
import { NAMESPACE, SERVICE_ACCOUNTS } from './release';

export interface IdentitiesProps {
  /** Whether the service account for support bundles is bound to `cluster-admin`. */
  readonly supportBundle: boolean;
}

/** Longhorn's service accounts and what they may do. */
export class Identities extends Construct {
  constructor(scope: Construct, id: string, props: IdentitiesProps) {
    super(scope, id);
    for (const name of Object.values(SERVICE_ACCOUNTS)) {
      new k8s.KubeServiceAccount(this, name, { metadata: namespaced(name) });
    }
    new k8s.KubeClusterRole(this, 'longhorn-role', {
      metadata: clusterScoped('longhorn-role'),
      rules: [...CLUSTER_RULES],
    });
    new k8s.KubeClusterRoleBinding(this, 'longhorn-bind', {
      // Without this binding no volume can be attached or moved in the whole cluster.
      metadata: clusterScoped('longhorn-bind', { annotations: CONFIRMED }),
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'longhorn-role' },
      subjects: [subject(SERVICE_ACCOUNTS.manager)],
    });
    new k8s.KubeRole(this, 'role', { metadata: namespaced('longhorn'), rules: [...NAMESPACE_RULES] });
    new k8s.KubeRoleBinding(this, 'role-binding', {
      metadata: namespaced('longhorn'),
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'longhorn' },
      subjects: [subject(SERVICE_ACCOUNTS.manager)],
    });
    if (props.supportBundle) {
      new k8s.KubeClusterRoleBinding(this, 'support-bundle', {
        metadata: clusterScoped('longhorn-support-bundle'),
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [subject(SERVICE_ACCOUNTS.supportBundle)],
      });
    }
  }
}

const RBAC = 'rbac.authorization.k8s.io';

function subject(name: string): k8s.Subject {
  return { kind: 'ServiceAccount', name, namespace: NAMESPACE };
}
