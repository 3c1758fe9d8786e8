import type { KubernetesObject } from '../kubernetes/object';
import { at, isFields, textAt, type Fields } from '../kubernetes/read';
import { changesBetween, isWithin } from './changes';

/** A grace period that people wait for; shorter ones are Kubernetes' own 30 seconds, or near it. */
const LONG = 60;

/** How the pods of a workload restart because of a change; nothing where they stay. */
export function restartOf(before: KubernetesObject, after: KubernetesObject): string | undefined {
  const how = HOW[after.kind]?.(after);
  const touched = changesBetween(before, after).some(({ path }) => isWithin(path, 'spec.template'));
  if (how === undefined || !touched || at(after, 'spec', 'replicas') === 0) return undefined;
  // The pods that end are those of before.
  const grace = Number(at(before, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds') ?? 0);
  return grace > LONG ? `${how}; each takes up to ${String(grace)} s to end` : how;
}

const HOW: Readonly<Record<string, (object: KubernetesObject) => string>> = {
  Deployment: (object) => {
    const strategy = at(object, 'spec', 'strategy');
    if (textAt(strategy, 'type') === 'Recreate') return 'its pod ends before the new one starts';
    const { maxSurge, maxUnavailable } = fieldsAt(strategy, 'rollingUpdate');
    return maxSurge === 0 && maxUnavailable === 1 ? ONE_BY_ONE : 'its pods, a few at a time';
  },
  StatefulSet: () => ONE_BY_ONE,
  DaemonSet: (object) =>
    fieldsAt(object, 'spec', 'updateStrategy', 'rollingUpdate')['maxUnavailable'] === '100%'
      ? 'its pods, on all nodes at once'
      : 'its pods, node by node',
};

const ONE_BY_ONE = 'its pods, one after the other';

function fieldsAt(value: unknown, ...keys: readonly string[]): Fields {
  const found = at(value, ...keys);
  return isFields(found) ? found : {};
}
