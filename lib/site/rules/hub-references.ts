import { profilePools } from '../hub-plan';
import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import { unknownReference } from './reference';

export const hubReferences: SiteRule = {
  id: 'AF-REF-20',
  why: 'A notebook whose nodes, image or experiment is not declared cannot start.',
  check({ jupyterhub, nodePools, images, experiments, storage }) {
    if (!jupyterhub) return [];
    const pools = nodePools.filter(({ roles }) => roles.includes('user')).map(({ name }) => name);
    const refer = (name: string, path: Path, candidates: readonly string[], what: string) =>
      unknownReference({ name, path, candidates, what, otherwise: { kind: 'remove', path } });
    const aPool = (name: string, path: Path): Finding[] => {
      const at = nodePools.findIndex((pool) => pool.name === name);
      const roles = nodePools[at]?.roles;
      if (!roles) return refer(name, path, pools, 'a node pool with the role user');
      if (roles.includes('user')) return [];
      return [
        {
          path,
          expected: 'a node pool with the role user',
          got: `${JSON.stringify(name)}, which has the roles ${roles.join(', ')}`,
          fix: { kind: 'set', path: ['nodePools', at, 'roles'], value: [...roles, 'user'] },
        },
      ];
    };
    const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
    const classes = names(storage?.longhorn.classes ?? []);
    const { database } = jupyterhub.hub;
    return [
      ...(database.class === undefined
        ? []
        : refer(database.class, ['jupyterhub', 'hub', 'database', 'class'], classes, 'a storage class')),
      ...(jupyterhub.prePull?.pools ?? []).flatMap((name, index) =>
        aPool(name, ['jupyterhub', 'prePull', 'pools', index]),
      ),
      ...jupyterhub.profiles.flatMap((profile, index) => {
        const path = ['jupyterhub', 'profiles', index];
        return [
          ...(profile.pools ?? []).flatMap((name, at) => aPool(name, [...path, 'pools', at])),
          ...profile.images.flatMap((name, at) =>
            refer(name, [...path, 'images', at], names(images), 'an image of the catalogue'),
          ),
          ...(profile.allow?.experiments ?? []).flatMap((name, at) =>
            refer(name, [...path, 'allow', 'experiments', at], names(experiments), 'an experiment'),
          ),
        ];
      }),
    ];
  },
};

export const hubNodes: SiteRule = {
  id: 'AF-REF-21',
  why: 'Notebooks need nodes that are for users; without any they stay Pending for ever.',
  check({ jupyterhub, nodePools }) {
    return (jupyterhub?.profiles ?? []).flatMap((profile, index): Finding[] => {
      // A profile with GPUs and without a pool is told so by AF-GPU-12.
      if (profile.pools ?? profile.gpu ?? profilePools(nodePools, profile).length > 0) return [];
      const at = nodePools.findIndex(({ gpu }) => !gpu);
      const pool = nodePools[Math.max(at, 0)];
      const path = ['nodePools', Math.max(at, 0), 'roles'];
      return [
        {
          path: ['jupyterhub', 'profiles', index],
          expected: `a node pool with the role user${at < 0 ? '' : ' and without GPUs'} for it`,
          got: 'none',
          fix: { kind: 'set', path, value: [...(pool?.roles ?? []), 'user'] },
        },
      ];
    });
  },
};
