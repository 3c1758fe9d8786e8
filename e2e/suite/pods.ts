import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import { at, labelsAt, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { documents, kubectl } from '../cluster/kubectl';
import type { Look } from './look';
import { nameOf, namespaceOf, readAll, titleOf } from './objects';

const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The pod that a workload makes; nothing where an object makes none. */
export function podTemplate(object: KubernetesObject): Fields | undefined {
  const template =
    object.kind === 'Pod'
      ? object
      : object.kind === 'CronJob'
        ? at(object, 'spec', 'jobTemplate', 'spec', 'template')
        : [...ROLLED_OUT, 'ReplicaSet', 'Job'].includes(object.kind)
          ? at(object, 'spec', 'template')
          : object.kind === 'ScaledJob'
            ? at(object, 'spec', 'jobTargetRef', 'template')
            : undefined;
  return template as Fields | undefined;
}

/** Workloads with their pods' template. */
export function workloads(objects: readonly KubernetesObject[]) {
  return objects.flatMap((object) => {
    const template = podTemplate(object);
    return template === undefined ? [] : [{ object, template }];
  });
}

/**
 * Whether each workload's pod is let in: Pod Security, quotas, limits, service account, priority class. Also of
 * workloads that have no pod yet, such as a CronJob or a Deployment that is scaled to none.
 */
export function admission(objects: readonly KubernetesObject[]): Look {
  const pods = workloads(objects).map(({ object, template }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${object.kind.toLowerCase()}-${object.metadata.name}`,
      namespace: object.metadata.namespace,
      labels: labelsAt(template, 'metadata', 'labels'),
    },
    spec: withClaims(object, template),
  }));
  if (pods.length === 0) return { looked: 0, objections: [] };
  const { status, err } = kubectl(['create', '--dry-run=server', '--filename=-'], documents(pods));
  const lines = err.split('\n').filter((line) => line !== '');
  return { looked: pods.length, objections: status === 0 ? warningsIn(err) : lines };
}

/** The controller of a StatefulSet gives each pod its claims as volumes. */
function withClaims(set: KubernetesObject, template: Fields): unknown {
  const claims = listAt(set, 'spec', 'volumeClaimTemplates').map((claim) => ({
    name: nameOf(claim),
    persistentVolumeClaim: { claimName: `${nameOf(claim)}-${set.metadata.name}-0` },
  }));
  const spec = template['spec'] as Fields;
  return { ...spec, volumes: [...listAt(spec, 'volumes'), ...claims] };
}

const warningsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('Warning:'));

/** Whether everything has rolled out: the wanted number of pods is there, each of them ready. */
export function rollout(objects: readonly KubernetesObject[]): Look {
  const wanted = objects.filter(({ kind }) => ROLLED_OUT.includes(kind));
  const found = new Map(
    readAll(ROLLED_OUT.join(','), '--all-namespaces').map((object) => [titleOf(object), object]),
  );
  const objections = wanted.flatMap((object) => {
    const now = found.get(title(object));
    if (now === undefined) return [`${title(object)} is not there`];
    const number = (...keys: readonly string[]) => Number(at(now, ...keys) ?? 0);
    if (number('status', 'observedGeneration') < number('metadata', 'generation'))
      return [`${title(object)}: its controller has not seen it`];
    const daemons = object.kind === 'DaemonSet';
    const expected = daemons ? number('status', 'desiredNumberScheduled') : number('spec', 'replicas');
    const ready = daemons ? number('status', 'numberReady') : number('status', 'readyReplicas');
    const updated = daemons
      ? number('status', 'updatedNumberScheduled')
      : number('status', 'updatedReplicas');
    if (daemons && expected === 0) return [`${title(object)} fits no node`];
    if (ready === expected && updated === expected) return [];
    return [`${title(object)}: ${String(ready)} of ${String(expected)} pods are ready`];
  });
  return {
    looked: wanted.length,
    objections: objections.length === 0 ? [] : [...objections, ...reasons()],
  };
}

/** Whether controllers were able to make every pod they wanted, ever. */
export function refusedPods(): readonly string[] {
  return readAll('events', '--all-namespaces', '--field-selector=reason=FailedCreate').map(
    (event) =>
      `FailedCreate of ${textAt(event, 'involvedObject', 'kind') ?? ''} ${namespaceOf(event)}/${textAt(event, 'involvedObject', 'name') ?? ''}: ${textAt(event, 'message') ?? ''}`,
  );
}

/** Why pods are missing or wait. */
function reasons(): string[] {
  return [...waitingPods('--all-namespaces'), ...refusedPods()];
}

/** Pods that do not get on, each with what the scheduler or its node says. */
export function waitingPods(scope: string): readonly string[] {
  const waiting = readAll('pods', scope).flatMap((pod) => {
    const unscheduled = listAt(pod, 'status', 'conditions').filter(
      ({ type, status }) => type === 'PodScheduled' && status === 'False',
    );
    const containers = [
      ...listAt(pod, 'status', 'initContainerStatuses'),
      ...listAt(pod, 'status', 'containerStatuses'),
    ].map((status) => at(status, 'state', 'waiting'));
    const said = [...unscheduled, ...containers].flatMap((each) => textAt(each, 'message') ?? []);
    return said.map((message) => `Pod ${namespaceOf(pod)}/${nameOf(pod)}: ${message}`);
  });
  const unmounted = readAll('events', scope, '--field-selector=reason=FailedMount').map(
    (event) =>
      `Pod ${namespaceOf(event)}/${textAt(event, 'involvedObject', 'name') ?? ''}: ${textAt(event, 'message') ?? ''}`,
  );
  return [...new Set([...waiting, ...unmounted])];
}
