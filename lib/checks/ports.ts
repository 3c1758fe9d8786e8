import { title } from '../kubernetes/object';
import { listAt } from '../kubernetes/read';
import { ofKind, templateOf, WORKLOADS, type Check } from './check';

export const ports: Check = {
  id: 'AF-ARGO-26',
  why: 'Server-side apply knows a port by number and protocol: one that leaves them out is never repaired.',
  look: (output) =>
    [
      ...ofKind(output, 'Service').map((service) => ({
        object: service,
        list: listAt(service, 'spec', 'ports'),
        number: 'port',
      })),
      ...ofKind(output, ...WORKLOADS).flatMap((workload) =>
        listAt(templateOf(workload), 'spec', 'containers').map((container) => ({
          object: workload,
          list: listAt(container, 'ports'),
          number: 'containerPort',
        })),
      ),
    ].map(({ object, list, number }) => {
      const keys = list.map((port) => `${String(port[number])}/${String(port['protocol'])}`);
      return {
        subject: title(object),
        problems: [
          ...list.flatMap((port) =>
            ['name', 'protocol']
              .filter((key) => !(key in port))
              .map((key) => `port ${String(port[number])} lacks ${key}`),
          ),
          ...keys
            .filter((key, index) => keys.indexOf(key) !== index)
            .map((key) => `port ${key} is there twice`),
        ],
      };
    }),
};
