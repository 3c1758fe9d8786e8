import { title, type KubernetesObject } from '../kubernetes/object';
import { labelsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';
import { notebookPods } from './notebook-pods';

type Labels = Readonly<Record<string, string>>;

/** Labels that Longhorn's manager puts on its own pods while it runs. */
export const AT_RUN_TIME = ['longhorn.io/admission-webhook', 'longhorn.io/recovery-backend'];

function selects(selector: Labels, labels: Labels): boolean {
  const stated = Object.entries(selector).filter(([key]) => !AT_RUN_TIME.includes(key));
  return stated.every(([key, value]) => labels[key] === value);
}

function podLabels(workload: KubernetesObject): Labels {
  return labelsAt(workload, 'spec', 'template', 'metadata', 'labels');
}

export const selectors: Check = {
  id: 'AF-REF-40',
  why: 'A selector that selects nothing is a Service without an answer, or a Deployment that the API server refuses.',
  look(output) {
    const workloads = ofKind(output, 'Deployment', 'StatefulSet', 'DaemonSet');
    const pods = [
      ...workloads.map((workload) => ({
        namespace: workload.metadata.namespace,
        labels: podLabels(workload),
      })),
      ...notebookPods(ofKind(output, 'ConfigMap')),
    ];
    return [
      ...workloads.map((workload) => ({
        subject: title(workload),
        problems: selects(labelsAt(workload, 'spec', 'selector', 'matchLabels'), podLabels(workload))
          ? []
          : ['does not select its own pods'],
      })),
      ...[...ofKind(output, 'Service'), ...ofKind(output, 'PodDisruptionBudget')].map((object) => {
        const selector =
          object.kind === 'Service'
            ? labelsAt(object, 'spec', 'selector')
            : labelsAt(object, 'spec', 'selector', 'matchLabels');
        const found = pods.some(
          ({ namespace, labels }) => namespace === object.metadata.namespace && selects(selector, labels),
        );
        return {
          subject: title(object),
          problems: [
            ...(Object.keys(selector).length > 0
              ? []
              : ['selects by nothing, so it is not for one workload']),
            ...(found ? [] : ['selects no pod of its namespace']),
          ],
        };
      }),
    ];
  },
};
