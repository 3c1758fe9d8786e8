import { notebookPods } from '../../lib/checks/notebook-pods';
import { AT_RUN_TIME } from '../../lib/checks/selectors';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import { at, labelsAt, listAt, textsAt } from '../../lib/kubernetes/read';
import type { Look } from './look';
import { namespaceOf, readAll } from './objects';
import { workloads } from './pods';

/** Services of pods that label themselves when their program runs, and here none does. */
function waitsForProgram(service: KubernetesObject): boolean {
  return Object.keys(labelsAt(service, 'spec', 'selector')).some((key) => AT_RUN_TIME.includes(key));
}

/** Whether each Service that selects pods has found some: the endpoint controller's own answer. */
export function endpoints(objects: readonly KubernetesObject[]): Look {
  const slices = readAll('endpointslices', '--all-namespaces');
  const services = objects.filter(
    (object) =>
      object.kind === 'Service' &&
      Object.keys(labelsAt(object, 'spec', 'selector')).length > 0 &&
      !waitsForProgram(object),
  );
  const objections = services.flatMap((service) => {
    const addresses = slices
      .filter(
        (slice) =>
          namespaceOf(slice) === service.metadata.namespace &&
          labelsAt(slice, 'metadata', 'labels')['kubernetes.io/service-name'] === service.metadata.name,
      )
      .flatMap((slice) => listAt(slice, 'endpoints'))
      .flatMap((endpoint) => textsAt(endpoint, 'addresses'));
    if (addresses.length > 0 || selectsNonePresent(service, objects)) return [];
    const labels = JSON.stringify(labelsAt(service, 'spec', 'selector'));
    return [`${title(service)} finds no pod: nothing in its namespace has ${labels}`];
  });
  return { looked: services.length, objections };
}

/** Whether the pods are those of a workload that is scaled to none, or the hub makes them when somebody asks. */
function selectsNonePresent(service: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  const selector = Object.entries(labelsAt(service, 'spec', 'selector'));
  const ofUsers = notebookPods(objects).some(
    ({ namespace, labels }) =>
      namespace === service.metadata.namespace && selector.every(([key, value]) => labels[key] === value),
  );
  if (ofUsers) return true;
  return workloads(objects).some(({ object, template }) => {
    const labels = labelsAt(template, 'metadata', 'labels');
    return (
      object.metadata.namespace === service.metadata.namespace &&
      at(object, 'spec', 'replicas') === 0 &&
      selector.every(([key, value]) => labels[key] === value)
    );
  });
}
