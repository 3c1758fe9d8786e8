import { title } from '../kubernetes/object';
import { listAt, textsAt } from '../kubernetes/read';
import { ofKind, placed, type Check } from './check';

const NAMESPACE = 'cert-manager';
const ARGUMENT = '--leader-election-namespace=';

export const leaderElection: Check = {
  id: 'AF-CM-22',
  why: 'Leases in kube-system need rights there; in another namespace than the role grants, no replica ever starts.',
  needs: 'cert-manager',
  look: (output) => [
    ...ofKind(output, 'Role', 'RoleBinding')
      .filter(({ metadata }) => metadata.name.endsWith(':leaderelection'))
      .map((object) => ({
        subject: title(object),
        problems: object.metadata.namespace === NAMESPACE ? [] : [`is not in ${NAMESPACE}`],
      })),
    ...ofKind(output, 'Deployment')
      .filter(
        ({ metadata }) => metadata.name === 'cert-manager' || metadata.name === 'cert-manager-cainjector',
      )
      .map((deployment) => {
        const stated = listAt(deployment, 'spec', 'template', 'spec', 'containers').flatMap((container) =>
          textsAt(container, 'args'),
        );
        return {
          subject: title(deployment),
          problems: stated.includes(`${ARGUMENT}${NAMESPACE}`) ? [] : [`lacks ${ARGUMENT}${NAMESPACE}`],
        };
      }),
    ...placed(output)
      .filter(({ object }) => object.metadata.namespace === 'kube-system')
      .map(({ object }) => ({ subject: title(object), problems: ['is in kube-system'] })),
  ],
};
