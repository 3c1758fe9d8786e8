import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import { at, everyMapping, isFields, labelsAt, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import type { Look } from './look';
import { nameOf, namespaceOf, titleOf } from './objects';
import { workloads } from './pods';

const GPU = /^nvidia\.com\/(gpu|mig-)/;

/**
 * Whether each pod of a workload runs on a node that the workload asks for: the labels of its node selector, and no
 * taint that it does not tolerate. What asks for GPUs runs where there are some, and of the rest only DaemonSets do.
 */
export function placement(
  objects: readonly KubernetesObject[],
  pods: readonly Fields[],
  nodes: readonly Fields[],
): Look {
  let looked = 0;
  const objections = workloads(objects).flatMap(({ object, template }) =>
    podsOf(object, template, pods).flatMap((pod) => {
      looked += 1;
      const node = nodes.find((each) => nameOf(each) === textAt(pod, 'spec', 'nodeName'));
      const said =
        node === undefined
          ? [waiting(pod)]
          : [...missingLabels(template, node), ...unmet(object, template, node)];
      return said.map((text) => `${title(object)}: pod ${nameOf(pod)} ${text}`);
    }),
  );
  return { looked, objections };
}

/** Pods that run on no node, of dist or not. */
export function pending(pods: readonly Fields[]): readonly string[] {
  return pods
    .filter((pod) => !['Running', 'Succeeded'].includes(textAt(pod, 'status', 'phase') ?? ''))
    .map((pod) => `${titleOf(pod)} ${waiting(pod)}`);
}

function podsOf(object: KubernetesObject, template: unknown, pods: readonly Fields[]): readonly Fields[] {
  const labels = Object.entries(labelsAt(template, 'metadata', 'labels'));
  return pods.filter((pod) => {
    if (namespaceOf(pod) !== object.metadata.namespace) return false;
    if (object.kind === 'Pod') return nameOf(pod) === object.metadata.name;
    const own = labelsAt(pod, 'metadata', 'labels');
    return labels.length > 0 && labels.every(([key, value]) => own[key] === value);
  });
}

function waiting(pod: Fields): string {
  const scheduled = listAt(pod, 'status', 'conditions').find((each) => each['type'] === 'PodScheduled');
  return `waits: ${textAt(scheduled, 'message') ?? textAt(pod, 'status', 'phase') ?? ''}`;
}

function missingLabels(template: unknown, node: Fields): string[] {
  const labels = labelsAt(node, 'metadata', 'labels');
  return Object.entries(labelsAt(template, 'spec', 'nodeSelector'))
    .filter(([key, value]) => labels[key] !== value)
    .map(([key, value]) => `runs on ${nameOf(node)}, which is not ${key}=${value}`);
}

function unmet(object: KubernetesObject, template: unknown, node: Fields): string[] {
  const tolerations = listAt(template, 'spec', 'tolerations');
  const taints = listAt(node, 'spec', 'taints').filter(
    (taint) => taint['effect'] !== 'PreferNoSchedule' && !tolerations.some((each) => tolerates(each, taint)),
  );
  const [asks, offers] = [asksForGpus(template), offersGpus(node)];
  return [
    ...taints
      // The DaemonSet controller lets its pods onto nodes that are not ready, full or cordoned.
      .filter(
        (taint) => !(object.kind === 'DaemonSet' && String(taint['key']).startsWith('node.kubernetes.io/')),
      )
      .map((taint) => `runs on ${nameOf(node)} and does not tolerate its taint ${String(taint['key'])}`),
    ...(asks && !offers ? [`asks for GPUs and runs on ${nameOf(node)}, which has none`] : []),
    ...(!asks && offers && object.kind !== 'DaemonSet'
      ? [`asks for no GPU and runs on ${nameOf(node)}, which is for those that do`]
      : []),
  ];
}

function tolerates(toleration: Fields, taint: Fields): boolean {
  const { key, operator = 'Equal', value = '', effect } = toleration;
  return (
    (key === undefined || key === taint['key']) &&
    (operator === 'Exists' || value === (taint['value'] ?? '')) &&
    (effect === undefined || effect === taint['effect'])
  );
}

export function asksForGpus(template: unknown): boolean {
  return [...everyMapping(at(template, 'spec'))].some((mapping) =>
    [mapping['limits'], mapping['requests']].some(
      (amounts) => isFields(amounts) && Object.keys(amounts).some((name) => GPU.test(name)),
    ),
  );
}

/** Names of the GPUs, or of the slices of them, that a node offers. */
export function gpusOf(node: Fields): readonly string[] {
  const offers = at(node, 'status', 'allocatable');
  return isFields(offers) ? Object.keys(offers).filter((name) => GPU.test(name)) : [];
}

const offersGpus = (node: Fields) => gpusOf(node).length > 0;
