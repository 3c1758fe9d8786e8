import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { EXECUTOR_ACCOUNT, forExecutors, forNotebooks, notebookObject } from './metadata';
import { USERS_NAMESPACE } from '../jupyterhub/release';

/**
 * The calls that a driver makes with the settings of `defaults.ts`, and no other: it reads no Secret, enters no pod,
 * and makes neither Services, claims nor ConfigMaps.
 */
const RULES: k8s.PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['get', 'list', 'watch', 'create', 'delete', 'deletecollection'],
  },
];

const ROLE = 'spark-driver';

/** Accounts of the notebooks and of the executors of an experiment, and what the first may do among the second. */
export class Rbac extends Construct {
  constructor(scope: Construct, id: string, experiment: string) {
    super(scope, id);
    // The pod says whether it gets a token: only a notebook for which Spark was chosen does.
    new k8s.KubeServiceAccount(this, 'notebook', {
      metadata: forNotebooks(experiment),
      automountServiceAccountToken: false,
    });
    new k8s.KubeServiceAccount(this, 'executor', {
      metadata: forExecutors(experiment, EXECUTOR_ACCOUNT),
      automountServiceAccountToken: false,
    });
    const metadata = forExecutors(experiment, ROLE);
    new k8s.KubeRole(this, 'role', { metadata, rules: RULES });
    new k8s.KubeRoleBinding(this, 'binding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: ROLE },
      subjects: [{ kind: 'ServiceAccount', name: notebookObject(experiment), namespace: USERS_NAMESPACE }],
    });
  }
}
