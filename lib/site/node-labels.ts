import type { Site } from './schema';

type NodePool = Site['nodePools'][number];

/** Labels of the nodes of a pool, by which pods find them. */
export function poolLabels({ name, labels }: Pick<NodePool, 'name' | 'labels'>): Record<string, string> {
  return labels ?? { 'analysis-facility/pool': name };
}

/** The same with the model of the GPUs, where there are some: what asks for a GPU can land on no other card. */
export function gpuLabels(pool: NodePool): Record<string, string> {
  return {
    ...poolLabels(pool),
    ...(pool.gpu ? { 'nvidia.com/gpu.product': pool.gpu.product } : {}),
  };
}
