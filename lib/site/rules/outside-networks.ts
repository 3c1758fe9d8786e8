import type { Finding, Path } from '../problem';
import { siteRule } from '../rule';
import type { Site } from '../schema';
import { canonical, overlap } from './cidr';

/** Where clouds answer with credentials. */
const METADATA = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'];

/** What stands for public addresses, of both families, where places may be anywhere. */
const ANYWHERE = '0.0.0.0/0';

interface Opened {
  readonly cidr: string;
  readonly path: Path;
  /** Whether the place may be anywhere. */
  readonly anywhere: boolean;
}

function each(cidrs: readonly string[] | undefined, path: Path, anywhere = false): Opened[] {
  return (cidrs ?? []).map((cidr, index) => ({ cidr, path: [...path, index], anywhere }));
}

function places(
  egress: readonly { readonly cidrs: readonly string[] }[] | undefined,
  path: Path,
  anywhere = false,
): Opened[] {
  return (egress ?? []).flatMap(({ cidrs }, at) => each(cidrs, [...path, at, 'cidrs'], anywhere));
}

const READS = [
  'certificates',
  'storage',
  'experiments',
  'identity',
  'htcondor',
  'jupyterhub',
  'spark',
] as const;

function opened(site: Pick<Site, (typeof READS)[number]>): Opened[] {
  const { certificates, storage, experiments, identity, htcondor, jupyterhub, spark } = site;
  return [
    ...each(certificates?.privateNetworks, ['certificates', 'privateNetworks']),
    ...places(storage?.longhorn.backup?.target?.egress, [
      'storage',
      'longhorn',
      'backup',
      'target',
      'egress',
    ]),
    ...each(identity?.login.privateNetworks, ['identity', 'login', 'privateNetworks']),
    ...places(htcondor?.jobs.egress, ['htcondor', 'jobs', 'egress'], true),
    ...places(jupyterhub?.egress, ['jupyterhub', 'egress']),
    ...(spark?.experiments ?? []).flatMap(({ egress }, at) =>
      places(egress, ['spark', 'experiments', at, 'egress'], true),
    ),
    ...experiments.flatMap(({ data, tokenIssuers }, at) => [
      ...tokenIssuers.flatMap(({ networks }, issuer) =>
        each(networks, ['experiments', at, 'tokenIssuers', issuer, 'networks']),
      ),
      ...(['xrootd', 's3'] as const).flatMap((kind) =>
        each(data?.[kind]?.networks, ['experiments', at, 'data', kind, 'networks']),
      ),
    ]),
  ];
}

function finding({ cidr, path, anywhere }: Opened): Finding[] {
  const [fixed, got] = [canonical(cidr), JSON.stringify(cidr)];
  if (anywhere && cidr === ANYWHERE) return [];
  const metadata = METADATA.find((other) => overlap(cidr, other));
  if (metadata !== undefined) {
    const expected = `the network of a server of the site, without ${metadata} of the metadata service`;
    return anywhere && cidr.endsWith('/0')
      ? [
          {
            path,
            expected: `${ANYWHERE} for all public addresses`,
            got,
            fix: { kind: 'set', path, value: ANYWHERE },
          },
        ]
      : [{ path, expected, got, fix: { kind: 'set', path, value: '203.0.113.0/24', example: true } }];
  }
  if (fixed === cidr) return [];
  const expected = 'a network address, with zeros behind its length';
  return [{ path, expected, got, fix: { kind: 'set', path, value: fixed } }];
}

export const outsideNetworks = siteRule({
  id: 'AF-NET-07',
  why: 'A pod that may reach the metadata service of a cloud gets the credentials of the node.',
  reads: READS,
  check: (site) => opened(site).flatMap(finding),
});
