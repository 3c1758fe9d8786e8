import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { PROGRAMS, type Program } from './program';
import { CLUSTER_ROLES, ROLES, type RoleRow } from './rbac-table';
import { NAMESPACE } from './release';

const API_GROUP = 'rbac.authorization.k8s.io';

/** Service accounts and what they, and the people of the cluster, may do with cert-manager's objects. */
export class Rbac extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    for (const { name, labels } of PROGRAMS) {
      new k8s.KubeServiceAccount(this, `service-account-${name}`, {
        metadata: { name, namespace: NAMESPACE, labels },
        automountServiceAccountToken: true,
      });
    }
    for (const row of CLUSTER_ROLES) {
      const metadata = { name: row.name, labels: { ...row.labels, ...aggregation(row) } };
      new k8s.KubeClusterRole(this, `cluster-role-${row.name}`, { metadata, rules: row.rules });
      if (row.boundTo) {
        new k8s.KubeClusterRoleBinding(this, `cluster-role-binding-${row.name}`, {
          metadata,
          roleRef: { apiGroup: API_GROUP, kind: 'ClusterRole', name: row.name },
          subjects: [account(row.boundTo)],
        });
      }
    }
    for (const row of ROLES) {
      const metadata = { name: row.name, namespace: NAMESPACE, labels: row.labels };
      new k8s.KubeRole(this, `role-${row.name}`, { metadata, rules: row.rules });
      if (row.boundTo) {
        new k8s.KubeRoleBinding(this, `role-binding-${row.name}`, {
          metadata,
          roleRef: { apiGroup: API_GROUP, kind: 'Role', name: row.name },
          subjects: [account(row.boundTo)],
        });
      }
    }
  }
}

function account(program: Program): k8s.Subject {
  return { kind: 'ServiceAccount', name: program.name, namespace: NAMESPACE };
}

function aggregation(row: RoleRow): Record<string, string> {
  return Object.fromEntries(
    (row.aggregatedTo ?? []).map((role) => [`${API_GROUP}/aggregate-to-${role}`, 'true']),
  );
}
