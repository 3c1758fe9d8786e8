import { gpuLabels } from '../../lib/site/node-labels';
import type { Site } from '../../lib/site/schema';

type NodePool = Site['nodePools'][number];

/** KWOK takes care of the nodes that say so. */
export const SIMULATED = { 'kwok.x-k8s.io/node': 'fake' };

/** Nodes as a site declares them: labels, taints, and what they offer, GPUs included. */
export function simulatedNodes(pools: readonly NodePool[]): object[] {
  return pools.flatMap((pool) =>
    Array.from({ length: pool.count }, (_, index) => {
      const name = `${pool.name}-${String(index + 1)}`;
      const offers = {
        cpu: pool.allocatable.cpu.text,
        memory: pool.allocatable.memory.text,
        pods: String(pool.allocatable.pods),
        'ephemeral-storage': pool.allocatable['ephemeral-storage']?.text ?? '100Gi',
        ...gpuResources(pool),
      };
      return {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: {
            'kubernetes.io/hostname': name,
            'kubernetes.io/os': 'linux',
            'kubernetes.io/arch': 'amd64',
            ...gpuLabels(pool),
          },
          annotations: SIMULATED,
        },
        spec: { taints: pool.taints },
        status: { phase: 'Running', capacity: offers, allocatable: offers },
      };
    }),
  );
}

/** As NVIDIA's device plugin offers them: slices by their own names, shared cards as more of them. */
export function gpuResources({ gpu }: NodePool): Record<string, string> {
  if (!gpu) return {};
  switch (gpu.sharing?.strategy) {
    case 'mig':
      return Object.fromEntries(
        Object.entries(gpu.sharing.layout).map(([slice, count]) => [`nvidia.com/${slice}`, String(count)]),
      );
    case 'timeSlicing':
      return { 'nvidia.com/gpu': String(gpu.perNode * gpu.sharing.replicas) };
    default:
      return { 'nvidia.com/gpu': String(gpu.perNode) };
  }
}
