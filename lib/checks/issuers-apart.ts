import { group, title } from '../kubernetes/object';
import { placed, type Check } from './check';

export const issuersApart: Check = {
  id: 'AF-CM-21',
  why: 'An issuer beside the webhook that must check it fails the sync that would start the webhook.',
  needs: 'certificates',
  look: (output) =>
    placed(output).flatMap(({ component, object }) =>
      group(object) === 'cert-manager.io'
        ? [
            {
              subject: title(object),
              problems: component === 'cert-manager' ? ['is in the component of cert-manager itself'] : [],
            },
          ]
        : [],
    ),
};
