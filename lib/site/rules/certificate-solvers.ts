import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const certificateSolvers: SiteRule = {
  id: 'AF-CM-50',
  why: 'HTTP-01 is answered through the ingress of the cluster: without one no certificate is ever issued.',
  check({ cluster, certificates }) {
    if (cluster.ingress) return [];
    return (certificates?.issuers ?? []).flatMap((issuer, index): Finding[] => {
      if (issuer.type !== 'acme' || issuer.solver.type !== 'http01') return [];
      const value = {
        kind: 'gateway',
        gateway: { name: 'public', namespace: 'ingress' },
        dataPlaneNamespace: 'ingress',
      };
      return [
        {
          path: ['certificates', 'issuers', index, 'solver', 'type'],
          expected: 'another solver, or cluster.ingress beside it',
          got: '"http01" without cluster.ingress',
          fix: { kind: 'add', path: ['cluster', 'ingress'], value, example: true },
        },
      ];
    });
  },
};
