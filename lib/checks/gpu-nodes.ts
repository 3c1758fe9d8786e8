import { listAt, textAt, textsAt, type Fields } from '../kubernetes/read';
import type { CheckedNodes, NodeTaint, SiteOutput } from './check';

/** Nodes with GPUs that a selector of labels chooses. */
export function gpuNodes(
  output: SiteOutput,
  selector: Readonly<Record<string, string>>,
): readonly CheckedNodes[] {
  return output.nodes.filter(
    ({ gpus, labels }) => gpus && Object.entries(selector).every(([key, value]) => labels[key] === value),
  );
}

/** Nodes with GPUs that a term of a node affinity chooses. */
export function gpuNodesOfTerm(output: SiteOutput, term: Fields): readonly CheckedNodes[] {
  return output.nodes.filter(
    ({ gpus, labels }) =>
      gpus &&
      listAt(term, 'matchExpressions').every((expression) =>
        textsAt(expression, 'values').includes(labels[textAt(expression, 'key') ?? ''] ?? ''),
      ),
  );
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export function tolerates(tolerations: readonly Fields[], { key, value, effect }: NodeTaint): boolean {
  return tolerations.some(
    (toleration) =>
      toleration['key'] === key &&
      toleration['effect'] === effect &&
      (toleration['operator'] === 'Exists' || toleration['value'] === value),
  );
}

/** Whether pods with these tolerations may come to nodes. */
export const isOpenTo =
  (tolerations: readonly Fields[]) =>
  ({ taints }: CheckedNodes): boolean =>
    taints.every((taint) => tolerates(tolerations, taint));

/** Whether nodes have a taint that no nodes without GPUs have: it says that they are for those who ask for a GPU, where there are others. */
export function isGuarded(output: SiteOutput, { taints }: CheckedNodes): boolean {
  const others = output.nodes.filter(({ gpus }) => !gpus);
  const shared = others.flatMap((nodes) => nodes.taints.map(written));
  return others.length > 0 && taints.some((taint) => !shared.includes(written(taint)));
}

const written = ({ key, value = '', effect }: NodeTaint) => `${key}=${value}:${effect}`;
