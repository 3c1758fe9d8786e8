import { title } from '../kubernetes/object';
import { at, labelsAt, listAt, textAt, textsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';
import { PINNED } from './images';

function settings(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

function podProblems(text: string | undefined): string[] {
  const pod: unknown = text === undefined ? undefined : JSON.parse(text);
  const security = at(pod, 'spec', 'securityContext');
  const [container] = listAt(pod, 'spec', 'containers');
  const own = at(container, 'securityContext');
  return [
    ...(at(security, 'runAsNonRoot') === true ? [] : ['executors may run as root']),
    ...(textAt(security, 'seccompProfile', 'type') === 'RuntimeDefault'
      ? []
      : ['executors have no seccomp profile']),
    ...(at(own, 'allowPrivilegeEscalation') === false ? [] : ['executors may gain privileges']),
    ...(textsAt(own, 'capabilities', 'drop').includes('ALL') ? [] : ['executors keep capabilities']),
    ...(at(pod, 'spec', 'automountServiceAccountToken') === false ? [] : ['executors get a token']),
    ...(['default', undefined].includes(textAt(pod, 'spec', 'serviceAccountName'))
      ? ['executors run as the default service account']
      : []),
    ...(typeof at(pod, 'spec', 'activeDeadlineSeconds') === 'number' ? [] : ['executors may stay for ever']),
    ...(at(container, 'resources', 'limits', 'ephemeral-storage') === undefined
      ? ['executors may fill the disk of a node']
      : []),
  ];
}

export const sparkExecutors: Check = {
  id: 'AF-SPARK-40',
  why: 'Executors are in no file of dist: what starts them must say all that other workloads must say, and their namespace hold a session that says something else.',
  needs: 'spark',
  look: (output) =>
    ofKind(output, 'ConfigMap').flatMap((map) => {
      const defaults = textAt(map, 'data', 'spark-defaults.conf');
      if (defaults === undefined) return [];
      const stated = settings(defaults);
      const namespace = stated['spark.kubernetes.namespace'] ?? '';
      const there = (kind: string) =>
        ofKind(output, kind).some((object) => object.metadata.namespace === namespace);
      const level = ofKind(output, 'Namespace')
        .filter(({ metadata }) => metadata.name === namespace)
        .map((object) => labelsAt(object, 'metadata', 'labels')['pod-security.kubernetes.io/enforce']);
      return [
        {
          subject: title(map),
          problems: [
            ...podProblems(textAt(map, 'data', 'executor.json')),
            ...(PINNED.test(stated['spark.kubernetes.container.image'] ?? '')
              ? []
              : ['its image has no full version']),
            ...(stated['spark.authenticate'] === 'true' ? [] : ['drivers listen to anybody']),
            ...(level.includes('restricted') ? [] : [`namespace ${namespace} is not restricted`]),
            ...(there('ResourceQuota') ? [] : [`namespace ${namespace} has no quota`]),
            ...(there('LimitRange') ? [] : [`namespace ${namespace} has no LimitRange`]),
          ],
        },
      ];
    }),
};
