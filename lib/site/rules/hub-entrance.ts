import type { SiteRule } from '../rule';

export const hubEntrance: SiteRule = {
  id: 'AF-NET-03',
  why: 'A host name needs something in the cluster that answers for it and ends TLS.',
  check({ cluster, jupyterhub }) {
    if (jupyterhub?.entrance.kind !== 'ingress' || cluster.ingress) return [];
    const value = {
      kind: 'gateway',
      gateway: { name: 'public', namespace: 'ingress' },
      dataPlaneNamespace: 'ingress',
    };
    return [
      {
        path: ['cluster', 'ingress'],
        expected: 'an ingress, because jupyterhub.entrance uses it',
        got: 'nothing',
        fix: { kind: 'add', path: ['cluster', 'ingress'], value, example: true },
      },
    ];
  },
};
