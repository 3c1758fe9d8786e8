import type { KubernetesObject } from '../../lib/kubernetes/object';
import { listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { mustKubectl } from '../cluster/kubectl';

/** As kubectl takes many objects at once. */
export function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

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
  const answer = read(['--show-managed-fields', '--filename=-'], list(objects));
  return objects.length === 1 && textAt(answer, 'kind') !== 'List'
    ? [answer as Fields]
    : listAt(answer, 'items');
}

export const nameOf = (object: unknown) => textAt(object, 'metadata', 'name') ?? '';
export const namespaceOf = (object: unknown) => textAt(object, 'metadata', 'namespace') ?? '';

/** `Kind namespace/name` of anything that the cluster gave. */
export function titleOf(object: unknown): string {
  const namespace = namespaceOf(object);
  return `${textAt(object, 'kind') ?? ''} ${namespace === '' ? '' : `${namespace}/`}${nameOf(object)}`;
}
