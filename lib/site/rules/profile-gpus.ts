import { offeredGpus, profilePools } from '../hub-plan';
import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const profileGpuPools: SiteRule = {
  id: 'AF-GPU-12',
  why: 'A notebook with a GPU stays Pending for ever on nodes that have none.',
  check: ({ jupyterhub, nodePools }) =>
    (jupyterhub?.profiles ?? []).flatMap(({ gpu, pools, slug }, index): Finding[] => {
      if (!gpu) return [];
      const withGpus = nodePools
        .filter((pool) => pool.gpu && pool.roles.includes('user'))
        .map(({ name }) => name);
      const path = ['jupyterhub', 'profiles', index];
      const [first] = withGpus;
      if (!pools) {
        if (first !== undefined) return [];
        const at = [...path, 'gpu'];
        const expected = 'no GPU: no node pool with the role user has any';
        return [{ path: at, expected, got: gpu.resource, fix: { kind: 'remove', path: at } }];
      }
      return pools.flatMap((name, position): Finding[] => {
        const pool = nodePools.find((each) => each.name === name);
        // What is no pool at all is told so by AF-REF-20.
        if (!pool || pool.gpu) return [];
        const at = [...path, 'pools', position];
        return [
          {
            path: at,
            expected: `a node pool with GPUs, because profile ${slug} has one${first === undefined ? '; there is none' : `: ${withGpus.join(', ')}`}`,
            got: JSON.stringify(name),
            fix:
              first === undefined
                ? { kind: 'remove', path: [...path, 'gpu'] }
                : { kind: 'set', path: at, value: withGpus.find((each) => !pools.includes(each)) ?? first },
          },
        ];
      });
    }),
};

export const profileGpuResources: SiteRule = {
  id: 'AF-GPU-13',
  why: 'A card in slices is not offered whole, and a slice that the layout does not make is not offered at all: the notebook stays Pending.',
  check: ({ jupyterhub, nodePools }) =>
    (jupyterhub?.profiles ?? []).flatMap((profile, index): Finding[] => {
      const { gpu } = profile;
      if (!gpu) return [];
      const path = ['jupyterhub', 'profiles', index, 'gpu'];
      return profilePools(nodePools, profile).flatMap((pool): Finding[] => {
        const offered = offeredGpus(pool);
        const [first] = Object.keys(offered);
        if (first === undefined) return [];
        const most = offered[gpu.resource];
        if (most === undefined) {
          const expected = `what a node of ${pool.name} offers: ${Object.keys(offered).join(', ')}`;
          const at = [...path, 'resource'];
          return [
            {
              path: at,
              expected,
              got: gpu.resource,
              fix: { kind: 'set', path: at, value: first, example: true },
            },
          ];
        }
        if (gpu.count <= most) return [];
        const at = [...path, 'count'];
        const expected = `at most ${String(most)}, what a node of ${pool.name} offers of ${gpu.resource}`;
        return [{ path: at, expected, got: String(gpu.count), fix: { kind: 'set', path: at, value: most } }];
      });
    }),
};
