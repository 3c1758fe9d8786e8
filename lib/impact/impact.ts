import { title, type KubernetesObject } from '../kubernetes/object';
import { textAt } from '../kubernetes/read';
import { sayChange } from './changes';
import { refusedChanges } from './refused';
import { restartOf } from './restarts';

/** What a change of an object does in the cluster, beyond what its diff shows. */
export interface Impact {
  readonly what: 'refused' | 'restarts';
  /** The object, and what of it. */
  readonly text: string;
}

/**
 * @param before what a file of dist held, which somebody may have edited into anything; `undefined` is a new file
 * @param others what other files hold until the cluster has taken the change: nobody else can have it as long
 */
export function impactOf(
  before: unknown,
  after: unknown,
  others: readonly unknown[] = [],
): readonly Impact[] {
  if (!isObject(after)) return [];
  if (before !== undefined && !(isObject(before) && title(before) === title(after))) return [];
  const refused = refusedChanges(before, after, others.filter(isObject));
  if (refused.length > 0)
    return [{ what: 'refused', text: `${title(after)}: ${refused.map(sayChange).join(', ')}` }];
  const restart = before === undefined ? undefined : restartOf(before, after);
  return restart === undefined ? [] : [{ what: 'restarts', text: `${title(after)}: ${restart}` }];
}

function isObject(value: unknown): value is KubernetesObject {
  return [['apiVersion'], ['kind'], ['metadata', 'name']].every(
    (path) => textAt(value, ...path) !== undefined,
  );
}
