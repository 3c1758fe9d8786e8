import { title } from '../kubernetes/object';
import { listAt, textAt, textsAt } from '../kubernetes/read';
import { ofKind, templateOf, WORKLOADS, type Check } from './check';

/** Bindings to cluster-admin that a site must ask for. */
const ALLOWED = ['longhorn-support-bundle'];

export const serviceAccounts: Check = {
  id: 'AF-SEC-43',
  why: 'A pod with the default service account gets whatever rights anybody ever gives to it.',
  look: (output) => [
    ...ofKind(output, ...WORKLOADS).map((workload) => {
      const account = textAt(templateOf(workload), 'spec', 'serviceAccountName');
      return {
        subject: title(workload),
        problems:
          account === undefined || account === 'default' ? ['runs as the default service account'] : [],
      };
    }),
    ...ofKind(output, 'RoleBinding', 'ClusterRoleBinding').map((binding) => {
      const role = textAt(binding, 'roleRef', 'name') ?? '';
      const broad =
        ['cluster-admin', 'admin', 'edit'].includes(role) && !ALLOWED.includes(binding.metadata.name);
      return { subject: title(binding), problems: broad ? [`binds to ${role}`] : [] };
    }),
    ...ofKind(output, 'Role', 'ClusterRole').map((role) => {
      const open = listAt(role, 'rules').some((rule) =>
        ['apiGroups', 'resources', 'verbs'].every((key) => textsAt(rule, key).includes('*')),
      );
      return { subject: title(role), problems: open ? ['may do everything to everything'] : [] };
    }),
  ],
};
