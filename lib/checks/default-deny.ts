import { title } from '../kubernetes/object';
import { at, textsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const defaultDeny: Check = {
  id: 'AF-NET-40',
  why: 'In a namespace that denies nothing, every pod reaches every other and the internet.',
  needs: 'namespaces',
  look: (output) =>
    ofKind(output, 'Namespace').map((namespace) => {
      const closed = ofKind(output, 'NetworkPolicy').some(
        (policy) =>
          policy.metadata.namespace === namespace.metadata.name &&
          JSON.stringify(at(policy, 'spec', 'podSelector')) === '{}' &&
          ['Ingress', 'Egress'].every((type) => textsAt(policy, 'spec', 'policyTypes').includes(type)) &&
          at(policy, 'spec', 'ingress') === undefined &&
          at(policy, 'spec', 'egress') === undefined,
      );
      return {
        subject: title(namespace),
        problems: closed ? [] : ['has no policy that denies both directions'],
      };
    }),
};
