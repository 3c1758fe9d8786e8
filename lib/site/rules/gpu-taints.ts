import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const gpuTaints: SiteRule = {
  id: 'AF-GPU-01',
  why: 'Without a taint pods that need no GPU fill the GPU nodes, and GPU pods wait.',
  check: ({ nodePools }) =>
    nodePools.flatMap(({ gpu, taints, roles }, index): Finding[] => {
      const keepsAway = taints.some(({ effect }) => effect !== 'PreferNoSchedule');
      const alone = nodePools.every((pool) => pool.gpu);
      if (!gpu || keepsAway || alone || roles.includes('core')) return [];
      const path = ['nodePools', index, 'taints'];
      const value = [...taints, { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }];
      return [
        {
          path,
          expected: 'a taint with effect NoSchedule, because the nodes have GPUs',
          got: taints.length === 0 ? 'none' : 'PreferNoSchedule only',
          before: 'taint the nodes',
          fix: { kind: 'set', path, value },
        },
      ];
    }),
};
