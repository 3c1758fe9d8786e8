import type { KubernetesObject } from '../../lib/kubernetes/object';
import { listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { documents, mustKubectl } from '../cluster/kubectl';

/** What `kubectl get` finds, as one object. */
export function read(args: readonly string[], input?: string): unknown {
  return JSON.parse(mustKubectl(['get', ...args, '--output=json'], input));
}

/** What `kubectl get` finds, as a list. */
export function readAll(...args: readonly string[]): readonly Fields[] {
  return listAt(read(args), 'items');
}

/** Objects of dist as they are in the cluster, in the same order. */
export function inCluster(objects: readonly KubernetesObject[]): readonly Fields[] {
  if (objects.length === 0) return [];
  return found(read(['--show-managed-fields', '--filename=-'], documents(objects)));
}

/** What kubectl gives for several objects, or for one. */
export function found(answer: unknown): readonly Fields[] {
  return textAt(answer, 'kind') === 'List' ? listAt(answer, 'items') : [answer as Fields];
}

export const nameOf = (object: unknown) => textAt(object, 'metadata', 'name') ?? '';
export const namespaceOf = (object: unknown) => textAt(object, 'metadata', 'namespace') ?? '';

/** `Kind namespace/name` of anything that the cluster gave. */
export function titleOf(object: unknown): string {
  const namespace = namespaceOf(object);
  return `${textAt(object, 'kind') ?? ''} ${namespace === '' ? '' : `${namespace}/`}${nameOf(object)}`;
}
