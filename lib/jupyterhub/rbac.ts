import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { labels } from './metadata';
import { NAMESPACE, USERS_NAMESPACE } from './release';

/**
 * The calls that KubeSpawner makes, and no other, in the namespace of the users: the hub can read no Secret, and
 * delete no home.
 *
 * @see https://jupyterhub-kubespawner.readthedocs.io/en/latest/
 */
const RULES: k8s.PolicyRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch', 'create', 'delete'] },
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get', 'create'] },
  { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] },
];

/** What the hub may do. */
export class Rbac extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const metadata = { name: 'hub', namespace: USERS_NAMESPACE, labels: labels('hub') };
    new k8s.KubeRole(this, 'role', { metadata, rules: RULES });
    new k8s.KubeRoleBinding(this, 'binding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'hub' },
      subjects: [{ kind: 'ServiceAccount', name: 'hub', namespace: NAMESPACE }],
    });
  }
}
