import type { Finding, Path } from '../problem';
import { siteRule } from '../rule';
import { canonical, overlap } from './cidr';

/** Where clouds answer with credentials. */
const METADATA = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'];

export const outsideNetworks = siteRule({
  id: 'AF-NET-07',
  why: 'A pod that may reach the metadata service of a cloud gets the credentials of the node.',
  reads: ['certificates', 'storage', 'experiments'],
  check({ certificates, storage, experiments }) {
    const opened: { cidr: string; path: Path }[] = [
      ...(certificates?.privateNetworks ?? []).map((cidr, index) => ({
        cidr,
        path: ['certificates', 'privateNetworks', index],
      })),
      ...(storage?.longhorn.backup?.target?.egress ?? []).flatMap(({ cidrs }, place) =>
        cidrs.map((cidr, index) => ({
          cidr,
          path: ['storage', 'longhorn', 'backup', 'target', 'egress', place, 'cidrs', index],
        })),
      ),
      ...experiments.flatMap(({ data }, at) =>
        (['xrootd', 's3'] as const).flatMap((kind) =>
          (data?.[kind]?.networks ?? []).map((cidr, index) => ({
            cidr,
            path: ['experiments', at, 'data', kind, 'networks', index],
          })),
        ),
      ),
    ];
    return opened.flatMap(({ cidr, path }): Finding[] => {
      const [fixed, got] = [canonical(cidr), JSON.stringify(cidr)];
      const metadata = METADATA.find((other) => overlap(cidr, other));
      if (metadata !== undefined) {
        const expected = `the network of a server of the site, without ${metadata} of the metadata service`;
        return [{ path, expected, got, fix: { kind: 'set', path, value: '203.0.113.0/24', example: true } }];
      }
      if (fixed === cidr) return [];
      const expected = 'a network address, with zeros behind its length';
      return [{ path, expected, got, fix: { kind: 'set', path, value: fixed } }];
    });
  },
});
