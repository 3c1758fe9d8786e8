import { title } from '../kubernetes/object';
import { placed, type Check } from './check';

export const startupCheck: Check = {
  id: 'AF-CM-23',
  why: 'The start-up check of the Helm chart waits for a webhook that the same sync has yet to start.',
  needs: 'cert-manager',
  look: (output) =>
    placed(output).flatMap(({ component, object }) =>
      component === 'cert-manager'
        ? [
            {
              subject: title(object),
              problems: object.metadata.name.includes('startupapicheck')
                ? ['belongs to the start-up check']
                : [],
            },
          ]
        : [],
    ),
};
