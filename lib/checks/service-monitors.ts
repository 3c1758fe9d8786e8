import { title } from '../kubernetes/object';
import { labelsAt, listAt, textsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const serviceMonitors: Check = {
  id: 'AF-REF-43',
  why: 'A monitor that finds no Service, or no port of the name on it, scrapes nothing, and no alert that looks at a value ever fires.',
  look: (output) =>
    ofKind(output, 'ServiceMonitor').map((monitor) => {
      const named = textsAt(monitor, 'spec', 'namespaceSelector', 'matchNames');
      const namespaces = named.length > 0 ? named : [monitor.metadata.namespace];
      const wanted = Object.entries(labelsAt(monitor, 'spec', 'selector', 'matchLabels'));
      const ports = ofKind(output, 'Service')
        .filter(({ metadata: { namespace } }) => namespaces.some((each) => each === namespace))
        .filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value))
        .map((service) => listAt(service, 'spec', 'ports').map(({ name }) => name));
      return {
        subject: title(monitor),
        problems: [
          ...(wanted.length > 0 ? [] : ['chooses by nothing, so it scrapes every Service']),
          ...(ports.length > 0 ? [] : ['finds no Service']),
          ...listAt(monitor, 'spec', 'endpoints')
            .filter(({ port }) => !ports.flat().includes(port))
            .map(({ port }) => `scrapes port ${String(port)}, which no Service has that it finds`),
        ],
      };
    }),
};
