import { contains } from '../kubernetes/flows';
import { title } from '../kubernetes/object';
import { at, listAt, textAt, textsAt, type Fields } from '../kubernetes/read';
import { ofKind, type Check } from './check';

/** Where clouds give out credentials. */
const METADATA_SERVICE = ['169.254.169.254', 'fd00:ec2::254'];

function reachesMetadata(peer: Fields): boolean {
  const cidr = textAt(peer, 'ipBlock', 'cidr');
  const except = textsAt(at(peer, 'ipBlock'), 'except');
  return METADATA_SERVICE.some(
    (address) =>
      cidr !== undefined && contains(cidr, address) && !except.some((inner) => contains(inner, address)),
  );
}

export const openPolicies: Check = {
  id: 'AF-NET-41',
  why: 'Egress to the whole internet includes the metadata service of clouds, which gives out credentials.',
  look: (output) =>
    ofKind(output, 'NetworkPolicy').map((policy) => ({
      subject: title(policy),
      problems: listAt(policy, 'spec', 'egress').flatMap((rule) => [
        ...(listAt(rule, 'to').length === 0 ? ['has an egress rule to everywhere'] : []),
        ...(listAt(rule, 'to').some(reachesMetadata) ? ['reaches the metadata service'] : []),
      ]),
    })),
};
