import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import { firstHost, overlap, size } from '../../kubernetes/cidr';

/** Addresses that mean this host, this link or many hosts. */
const NOBODY = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/127',
  'fe80::/10',
  'ff00::/8',
];

const single = (address: string) => `${address}/${address.includes(':') ? '128' : '32'}`;

export const addresses: SiteRule = {
  id: 'AF-NET-05',
  why: 'Network policies see the endpoints of the API server and clients see a routable address: neither is in a network inside the cluster, or an address that every machine has.',
  check({ cluster, htcondor }) {
    const { podCIDRs, serviceCIDRs, nodeCIDRs, apiServer } = cluster;
    const inner = (address: string) =>
      [
        ...podCIDRs.map((cidr) => ({ cidr, what: 'pods' })),
        ...serviceCIDRs.map((cidr) => ({ cidr, what: 'Services' })),
        ...NOBODY.map((cidr) => ({ cidr, what: undefined })),
      ].find(({ cidr }) => overlap(cidr, single(address)));
    const finding = (address: string, path: Path, expected: string, before: string): Finding[] => {
      const found = inner(address);
      if (!found) return [];
      const value = firstHost(nodeCIDRs[0] ?? '192.0.2.0/24');
      const got =
        found.what === undefined
          ? `${address}, which is no address of one host`
          : `${address}, which is in the network of the ${found.what}, ${found.cidr}`;
      return [{ path, expected, got, before, fix: { kind: 'set', path, value, example: true } }];
    };
    return [
      ...apiServer.addresses.flatMap((address, index) =>
        finding(
          address,
          ['cluster', 'apiServer', 'addresses', index],
          'the address of an endpoint of the API server, not of its Service',
          'look it up with kubectl get endpointslices -n default',
        ),
      ),
      ...(htcondor?.external
        ? finding(
            htcondor.external.address,
            ['htcondor', 'external', 'address'],
            'an address that clients outside the cluster can reach',
            'look up where the host name leads',
          )
        : []),
    ];
  },
};

export const nodeAddresses: SiteRule = {
  id: 'AF-NET-06',
  why: 'Nodes outside of the networks that are declared for them cannot mount volumes.',
  check({ cluster, nodePools }): Finding[] {
    const nodes = nodePools.reduce((sum, { count }) => sum + count, 0);
    const room = cluster.nodeCIDRs.reduce((sum, cidr) => sum + size(cidr), 0n);
    if (BigInt(nodes) <= room) return [];
    const path = ['cluster', 'nodeCIDRs'];
    const [first = '192.0.2.0/24'] = cluster.nodeCIDRs;
    const bits = first.includes(':') ? 128 : 32;
    const value = [`${first.split('/')[0] ?? ''}/${String(bits - Math.ceil(Math.log2(nodes + 2)))}`];
    return [
      {
        path,
        expected: `networks with room for ${String(nodes)} nodes, as many as nodePools has`,
        got: `${cluster.nodeCIDRs.join(', ')}: ${String(room)} address${room === 1n ? '' : 'es'}`,
        fix: { kind: 'set', path, value, example: true },
      },
    ];
  },
};
