import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import type { Site } from '../schema';
import { canonical, overlap } from '../../kubernetes/cidr';

/** Where clouds answer with credentials. */
const METADATA = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'];

/** Networks of documentation, to show the form of one. */
const EXAMPLES = ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/24'] as const;

/** What stands for public addresses, of both families, where places may be anywhere. */
const ANYWHERE = '0.0.0.0/0';

interface Opened {
  readonly cidr: string;
  readonly path: Path;
  /** Whether the place may be anywhere. */
  readonly anywhere: boolean;
}

function networksAt(cidrs: readonly string[] | undefined, path: Path, anywhere = false): Opened[] {
  return (cidrs ?? []).map((cidr, index) => ({ cidr, path: [...path, index], anywhere }));
}

function placesAt(
  places: readonly { readonly cidrs: readonly string[] }[] | undefined,
  path: Path,
  anywhere = false,
): Opened[] {
  return (places ?? []).flatMap(({ cidrs }, index) => networksAt(cidrs, [...path, index, 'cidrs'], anywhere));
}

/** What the site opens to code of users: notebooks, jobs and executors. */
function openedToUsers({
  experiments,
  htcondor,
  jupyterhub,
  spark,
}: Pick<Site, 'experiments' | 'htcondor' | 'jupyterhub' | 'spark'>): Opened[] {
  return [
    ...experiments.flatMap(({ data }, at) =>
      (['xrootd', 's3'] as const).flatMap((kind) =>
        networksAt(data?.[kind]?.networks, ['experiments', at, 'data', kind, 'networks']),
      ),
    ),
    ...placesAt(jupyterhub?.egress, ['jupyterhub', 'egress']),
    ...placesAt(htcondor?.jobs.egress, ['htcondor', 'jobs', 'egress'], true),
    ...(spark?.experiments ?? []).flatMap(({ egress }, at) =>
      placesAt(egress, ['spark', 'experiments', at, 'egress'], true),
    ),
  ].filter(({ cidr, anywhere }) => !anywhere || cidr !== ANYWHERE);
}

function finding({ cidr, path, anywhere }: Opened): Finding[] {
  const [fixed, got] = [canonical(cidr), JSON.stringify(cidr)];
  const metadata = METADATA.find((other) => overlap(cidr, other));
  if (metadata !== undefined && anywhere && cidr.endsWith('/0')) {
    const expected = `${ANYWHERE} for all public addresses`;
    return [{ path, expected, got, fix: { kind: 'set', path, value: ANYWHERE } }];
  }
  if (metadata !== undefined) {
    const expected = `the network of a server of the site, without ${metadata} of the metadata service`;
    return [{ path, expected, got, fix: { kind: 'set', path, value: EXAMPLES[0], example: true } }];
  }
  if (fixed === cidr) return [];
  const expected = 'a network address, with zeros behind its length';
  return [{ path, expected, got, fix: { kind: 'set', path, value: fixed } }];
}

export const outsideNetworks: SiteRule = {
  id: 'AF-NET-07',
  why: 'A pod that may reach the metadata service of a cloud gets the credentials of the node.',
  check({ certificates, storage, identity, ...ofUsers }) {
    const backup = ['storage', 'longhorn', 'backup', 'target', 'egress'];
    return [
      ...networksAt(certificates?.privateNetworks, ['certificates', 'privateNetworks']),
      ...placesAt(storage?.longhorn.backup?.target?.egress, backup),
      ...networksAt(identity?.login.privateNetworks, ['identity', 'login', 'privateNetworks']),
      ...ofUsers.experiments.flatMap(({ tokenIssuers }, at) =>
        tokenIssuers.flatMap(({ networks }, index) =>
          networksAt(networks, ['experiments', at, 'tokenIssuers', index, 'networks']),
        ),
      ),
      ...openedToUsers(ofUsers),
    ].flatMap(finding);
  },
};

export const podsNotOpened: SiteRule = {
  id: 'AF-NET-08',
  why: 'A network with pods in it opens all of them to code of users, those of others too.',
  check({ cluster, ...ofUsers }) {
    const { podCIDRs } = cluster;
    const apart = (cidr: string) => podCIDRs.every((pods) => !overlap(cidr, pods));
    return openedToUsers(ofUsers).flatMap(({ cidr, path }): Finding[] => {
      // Of what is no network of the site at all AF-NET-07 speaks.
      if (apart(cidr) || METADATA.some((other) => overlap(cidr, other))) return [];
      const expected = `the network of a server of the site, without that of the pods, ${podCIDRs.join(', ')}`;
      const value = EXAMPLES.find(apart) ?? '172.31.0.0/24';
      return [
        { path, expected, got: JSON.stringify(cidr), fix: { kind: 'set', path, value, example: true } },
      ];
    });
  },
};
