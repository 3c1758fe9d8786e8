import { listAt, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const longhornMetrics: Check = {
  id: 'AF-LH-03',
  why: 'The network policies of Longhorn shut Prometheus out of its metrics, silently.',
  look(output) {
    const { monitoringNamespace } = output;
    const policies = ofKind(output, 'NetworkPolicy').filter(
      (policy) => textAt(policy, 'spec', 'podSelector', 'matchLabels', 'app') === 'longhorn-manager',
    );
    if (monitoringNamespace === undefined || policies.length === 0) return [];
    const admits = policies
      .flatMap((policy) => listAt(policy, 'spec', 'ingress'))
      .some(
        (rule) =>
          listAt(rule, 'ports').some((port) => port['port'] === 9500) &&
          listAt(rule, 'from').some(
            (peer) =>
              textAt(peer, 'namespaceSelector', 'matchLabels', 'kubernetes.io/metadata.name') ===
              monitoringNamespace,
          ),
      );
    return [
      {
        subject: 'pods of longhorn-manager',
        problems: admits ? [] : [`no policy admits namespace ${monitoringNamespace} to port 9500`],
      },
    ];
  },
};
