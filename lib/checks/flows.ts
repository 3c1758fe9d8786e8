import { isOpen, selects, type PodEnd, type Port } from '../kubernetes/flows';
import { title, type KubernetesObject } from '../kubernetes/object';
import { at, labelsAt, listAt, textAt, type Fields } from '../kubernetes/read';
import { ofKind, templateOf, WORKLOADS, type Check, type SiteOutput } from './check';
import { notebookPods } from './notebook-pods';

/** A pod that some object of the site, or a program of it, makes. */
interface Pod extends PodEnd {
  /** Ports of its containers that have names. */
  readonly ports: readonly Port[];
}

function podsOf(output: SiteOutput): readonly Pod[] {
  const workloads = ofKind(output, ...WORKLOADS).map((workload) => ({
    namespace: workload.metadata.namespace ?? '',
    labels: labelsAt(templateOf(workload), 'metadata', 'labels'),
    ports: listAt(templateOf(workload), 'spec', 'containers').flatMap((container) =>
      listAt(container, 'ports').map(({ name, containerPort }) => ({
        number: Number(containerPort),
        ...(typeof name === 'string' ? { name } : {}),
      })),
    ),
  }));
  const maps = ofKind(output, 'ConfigMap');
  const notebooks = notebookPods(maps).map(({ namespace, labels }) => ({
    namespace: namespace ?? '',
    labels,
    ports: [],
  }));
  return [...workloads, ...notebooks, ...maps.flatMap(executors)];
}

/** The label is Spark's own. */
function executors(map: KubernetesObject): readonly Pod[] {
  const namespace = /^spark\.kubernetes\.namespace (.*)$/m.exec(
    textAt(map, 'data', 'spark-defaults.conf') ?? '',
  )?.[1];
  return namespace === undefined ? [] : [{ namespace, labels: { 'spark-role': 'executor' }, ports: [] }];
}

/** First and last port of each entry of a rule, with names as the pod that is called has them. */
function portsOf(rule: Fields, called: Pod): readonly Port[] {
  return listAt(rule, 'ports')
    .filter(({ protocol }) => protocol === 'TCP')
    .flatMap(({ port, endPort }): readonly Port[] => {
      if (typeof port === 'string') return called.ports.filter(({ name }) => name === port);
      const numbers = [port, endPort].filter((each) => typeof each === 'number');
      return numbers.map((number) => called.ports.find((own) => own.number === number) ?? { number });
    });
}

function peersOf(policy: KubernetesObject, direction: 'ingress' | 'egress') {
  return listAt(policy, 'spec', direction).flatMap((rule) =>
    listAt(rule, direction === 'ingress' ? 'from' : 'to')
      .filter((peer) => peer['ipBlock'] === undefined)
      .map((peer) => ({ rule, peer })),
  );
}

function peerPods(pods: readonly Pod[], policy: KubernetesObject, peer: Fields): readonly Pod[] {
  const selector = at(peer, 'namespaceSelector');
  const named = labelsAt(selector, 'matchLabels')['kubernetes.io/metadata.name'];
  return pods.filter(
    ({ namespace, labels }) =>
      (selector === undefined
        ? namespace === policy.metadata.namespace
        : named === undefined || namespace === named) && selects(at(peer, 'podSelector'), labels),
  );
}

/** A pod by the labels that tell it from others. */
function shown({ namespace, labels }: Pod): string {
  const last = labels['component'] ?? labels['app.kubernetes.io/name'] ?? Object.values(labels).join(',');
  return `${namespace}/${last}`;
}

export const flows: Check = {
  id: 'AF-NET-42',
  why: 'A connection needs the leave of both ends: where one of two policies is wrong it hangs without a word, or a rule opens more than its other end has asked for.',
  needs: 'namespaces',
  look(output) {
    const policies = ofKind(output, 'NetworkPolicy');
    const pods = podsOf(output);
    return policies.map((policy) => {
      const own = pods.filter(
        ({ namespace, labels }) =>
          namespace === policy.metadata.namespace && selects(at(policy, 'spec', 'podSelector'), labels),
      );
      const refused = (from: Pod, to: Pod, rule: Fields) =>
        portsOf(rule, to)
          .filter((port) => !isOpen(policies, from, to, port))
          .map((port) => `${shown(from)} → ${shown(to)} at ${String(port.number)}: only one end allows it`);
      const problems = [
        ...peersOf(policy, 'egress').flatMap(({ rule, peer }) =>
          own.flatMap((from) => peerPods(pods, policy, peer).flatMap((to) => refused(from, to, rule))),
        ),
        ...peersOf(policy, 'ingress').flatMap(({ rule, peer }) =>
          own.flatMap((to) => peerPods(pods, policy, peer).flatMap((from) => refused(from, to, rule))),
        ),
      ];
      return { subject: title(policy), problems: [...new Set(problems)] };
    });
  },
};
