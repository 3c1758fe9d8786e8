import { title } from '../kubernetes/object';
import { labelsAt, listAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const servicePorts: Check = {
  id: 'AF-REF-41',
  why: 'A Service whose target port no container has refuses every connection.',
  look(output) {
    const workloads = ofKind(output, 'Deployment', 'StatefulSet', 'DaemonSet');
    return ofKind(output, 'Service').map((service) => {
      const selector = Object.entries(labelsAt(service, 'spec', 'selector')).filter(
        ([key]) => !key.startsWith('longhorn.io/'),
      );
      const containers = workloads
        .filter(({ metadata }) => metadata.namespace === service.metadata.namespace)
        .filter((workload) => {
          const labels = labelsAt(workload, 'spec', 'template', 'metadata', 'labels');
          return selector.every(([key, value]) => labels[key] === value);
        })
        .flatMap((workload) => listAt(workload, 'spec', 'template', 'spec', 'containers'));
      const open = containers
        .flatMap((container) => listAt(container, 'ports'))
        .flatMap((port) => [port['name'], port['containerPort']]);
      return {
        subject: title(service),
        problems: listAt(service, 'spec', 'ports')
          .filter((port) => !open.includes(port['targetPort'] ?? port['port']))
          .map(
            (port) =>
              `port ${String(port['port'])} leads to ${String(port['targetPort'] ?? port['port'])}, which no container has`,
          ),
      };
    });
  },
};
