import type { KubernetesObject } from '../kubernetes/object';
import { at, labelsAt, listAt, textAt } from '../kubernetes/read';

/** What the hub's file `af.json` says; undefined where there is no hub. */
export function hubFile(objects: readonly KubernetesObject[]): unknown {
  const texts = objects.flatMap((object) => textAt(object, 'data', 'af.json') ?? []);
  const [text] = texts;
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  return value;
}

/** A kind of pod that the hub makes for users, by its labels. */
export interface NotebookPod {
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** Pods that are in no file of dist, because KubeSpawner makes them: plain ones, and those with Spark. */
export function notebookPods(objects: readonly KubernetesObject[]): readonly NotebookPod[] {
  const af = hubFile(objects);
  if (af === undefined) return [];
  const spawner = at(af, 'traits', 'KubeSpawner');
  const namespace = textAt(spawner, 'namespace');
  const labels = {
    component: textAt(spawner, 'component_label') ?? '',
    ...labelsAt(spawner, 'common_labels'),
    ...labelsAt(spawner, 'extra_labels'),
  };
  const overrides = listAt(af, 'spark', 'experiments').map((entry) => at(entry, 'override'));
  return [{}, ...overrides].map((override) => ({
    namespace,
    labels: { ...labels, ...labelsAt(override, 'extra_labels') },
  }));
}
