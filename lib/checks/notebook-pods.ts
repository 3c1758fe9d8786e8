import { at, labelsAt, listAt, textAt } from '../kubernetes/read';
import { ofKind, type SiteOutput } from './check';

/** What the hub's file `af.json` says; undefined where there is no hub. */
export function hubFile(output: SiteOutput): unknown {
  const texts = ofKind(output, 'ConfigMap').flatMap((map) => textAt(map, 'data', 'af.json') ?? []);
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
export function notebookPods(output: SiteOutput): readonly NotebookPod[] {
  const af = hubFile(output);
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
