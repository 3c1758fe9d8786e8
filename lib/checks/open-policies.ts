import { title } from '../kubernetes/object';
import { listAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

const METADATA_SERVICE = '169.254.0.0/16';

export const openPolicies: Check = {
  id: 'AF-NET-41',
  why: 'Egress to the whole internet includes the metadata service of clouds, which gives out credentials.',
  look: (output) =>
    ofKind(output, 'NetworkPolicy').map((policy) => ({
      subject: title(policy),
      problems: listAt(policy, 'spec', 'egress').flatMap((rule) => [
        ...(listAt(rule, 'to').length === 0 ? ['has an egress rule to everywhere'] : []),
        ...listAt(rule, 'to').flatMap(({ ipBlock }) => {
          const text = JSON.stringify(ipBlock ?? '');
          return text.includes('"0.0.0.0/0"') && !text.includes(METADATA_SERVICE)
            ? ['reaches the metadata service']
            : [];
        }),
      ]),
    })),
};
