import { title } from '../kubernetes/object';
import { labelsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const podSecurity: Check = {
  id: 'AF-ARGO-15',
  why: 'A namespace without a Pod Security level admits pods that own the node; one above restricted needs its reason beside it.',
  needs: 'namespaces',
  look: (output) =>
    ofKind(output, 'Namespace').map((namespace) => {
      const level = labelsAt(namespace, 'metadata', 'labels')['pod-security.kubernetes.io/enforce'];
      const reason = labelsAt(namespace, 'metadata', 'annotations')['analysis-facility/pod-security-reason'];
      return {
        subject: title(namespace),
        problems: [
          ...(level === undefined ? ['has no Pod Security level'] : []),
          ...(level === 'restricted' || reason !== undefined
            ? []
            : [`is ${level ?? 'open'} without a reason`]),
        ],
      };
    }),
};
