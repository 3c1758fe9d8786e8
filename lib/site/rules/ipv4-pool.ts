import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

const isV4 = (network: string) => !network.includes(':');

export const ipv4Pool: SiteRule = {
  id: 'AF-HTC-11',
  why: 'Daemons of the pool speak IPv4 only: pods without such an address never find each other, and clients find nobody at an address of IPv6.',
  check({ cluster, htcondor }): Finding[] {
    if (!htcondor) return [];
    const usual = { podCIDRs: '10.244.0.0/16', serviceCIDRs: '10.96.0.0/12' } as const;
    const missing = (['podCIDRs', 'serviceCIDRs'] as const).flatMap((key): Finding[] => {
      if (cluster[key].some(isV4)) return [];
      const path = ['cluster', key];
      return [
        {
          path,
          expected: 'a network of IPv4 among them, because HTCondor is installed',
          got: cluster[key].join(', '),
          before: 'the cluster must have both, IPv4 and IPv6',
          fix: { kind: 'set', path, value: [usual[key], ...cluster[key]], example: true },
        },
      ];
    });
    const address = htcondor.external?.address;
    if (address === undefined || isV4(address)) return missing;
    const path = ['htcondor', 'external', 'address'];
    const fix = { kind: 'set', path, value: '192.0.2.40', example: true } as const;
    return [...missing, { path, expected: 'an address of IPv4', got: JSON.stringify(address), fix }];
  },
};
