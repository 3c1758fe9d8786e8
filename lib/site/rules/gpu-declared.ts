import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

const KEYS = /^nvidia\.com\/(?:gpu|mig)/;

export const gpuDeclared: SiteRule = {
  id: 'AF-GPU-04',
  why: 'GPUs that are in a taint or label only are known to nobody else: no job is ever given one.',
  check: ({ nodePools }) =>
    nodePools.flatMap(({ gpu, taints, labels }, index): Finding[] => {
      const key = [...taints.map((taint) => taint.key), ...Object.keys(labels ?? {})].find((each) =>
        KEYS.test(each),
      );
      if (gpu || key === undefined) return [];
      const path = ['nodePools', index, 'gpu'];
      const product = labels?.['nvidia.com/gpu.product'];
      const value = { product: product ?? 'Tesla-T4', perNode: 4 };
      const expected = `the GPUs of the nodes, because of ${key}`;
      return [{ path, expected, got: 'nothing', fix: { kind: 'add', path, value, example: true } }];
    }),
};
