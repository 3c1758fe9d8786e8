import type { KubernetesObject } from '../../lib/kubernetes/object';
import { labelsAt, listAt, type Fields } from '../../lib/kubernetes/read';
import { SUITE_LABEL } from '../suite/controllers';
import { nameOf } from '../suite/objects';
import { gpusOf } from '../suite/placement';

const NAMESPACE = 'e2e-gpu';
const PRODUCT = 'nvidia.com/gpu.product';

/**
 * Workloads of the suite: for each kind of GPU that a node offers a pod as dist would have it, and as many pods that ask
 * for none as there are nodes. They show that the scheduler keeps them apart before dist has any, and beside those it has.
 */
export function gpuWorkloads(nodes: readonly Fields[]): KubernetesObject[] {
  const withGpus = nodes.filter((node) => gpusOf(node).length > 0);
  const kinds = new Map(
    withGpus.flatMap((node) =>
      gpusOf(node).map(
        (gpu) => [`${gpu} ${labelsAt(node, 'metadata', 'labels')[PRODUCT] ?? ''}`, { node, gpu }] as const,
      ),
    ),
  );
  const asking = [...kinds.values()].map(({ node, gpu }, index) =>
    pod(`gpu-${String(index)}`, {
      nodeSelector: { [PRODUCT]: labelsAt(node, 'metadata', 'labels')[PRODUCT] ?? '' },
      tolerations: listAt(node, 'spec', 'taints').map(({ key, effect }) => ({
        key,
        effect,
        operator: 'Exists',
      })),
      resources: { limits: { [gpu]: '1', memory: '64Mi' }, requests: { cpu: '10m' } },
    }),
  );
  if (asking.length === 0) return [];
  const others = nodes.map((node) =>
    pod(`other-${nameOf(node)}`, { resources: { limits: { memory: '64Mi' }, requests: { cpu: '10m' } } }),
  );
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: SUITE_LABEL },
  };
  return [namespace, ...asking, ...others];
}

function pod(name: string, { resources, ...where }: Readonly<Record<string, unknown>>): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { ...SUITE_LABEL, app: name } },
    spec: { containers: [{ name: 'sleep', image: 'example.org/sleep:1.0.0', resources }], ...where },
  };
}
