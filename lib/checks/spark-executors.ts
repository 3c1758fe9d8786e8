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
    ...(Number(at(security, 'runAsGroup')) > 0 ? [] : ['executors are in the group of root']),
    ...(textAt(security, 'seccompProfile', 'type') === 'RuntimeDefault'
      ? []
      : ['executors have no seccomp profile']),
    ...(at(own, 'allowPrivilegeEscalation') === false ? [] : ['executors may gain privileges']),
    ...(textsAt(own, 'capabilities', 'drop').includes('ALL') ? [] : ['executors keep capabilities']),
    ...(at(pod, 'spec', 'automountServiceAccountToken') === false ? [] : ['executors get a token']),
    ...(['default', undefined].includes(textAt(pod, 'spec', 'serviceAccountName'))
      ? ['executors run as the default service account']
      : []),
    ...(at(pod, 'spec', 'enableServiceLinks') === false
      ? []
      : ['executors read of every Service beside them']),
    ...(typeof at(pod, 'spec', 'activeDeadlineSeconds') === 'number' ? [] : ['executors may stay for ever']),
    ...(at(container, 'resources', 'limits', 'ephemeral-storage') === undefined
      ? ['executors may fill the disk of a node']
      : []),
  ];
}

/** Settings without which a session does not start, is heard by others, or keeps what it does not use. */
const SETTINGS: readonly (readonly [setting: string, value: string, otherwise: string])[] = [
  ['spark.submit.deployMode', 'client', 'the driver is not the notebook'],
  ['spark.authenticate', 'true', 'drivers listen to anybody'],
  ['spark.network.crypto.enabled', 'true', 'whoever is on the network reads the data of sessions'],
  ['spark.dynamicAllocation.enabled', 'true', 'notebooks that nobody uses keep their executors'],
  // Spark refuses the one without the other where there is no shuffle service.
  ['spark.dynamicAllocation.shuffleTracking.enabled', 'true', 'no session starts'],
  [
    'spark.kubernetes.executor.useDriverPodIP',
    'false',
    'executors call the address to which the driver binds',
  ],
];

function settingProblems(stated: Readonly<Record<string, string>>, pod: string | undefined): string[] {
  const [container] = listAt(pod === undefined ? undefined : JSON.parse(pod), 'spec', 'containers');
  const filled = stated['spark.kubernetes.executor.podTemplateContainerName'];
  return [
    ...SETTINGS.flatMap(([setting, value, otherwise]) => (stated[setting] === value ? [] : [otherwise])),
    ...(stated['spark.driver.bindAddress']?.startsWith('127.') === true
      ? ['drivers listen to their own pod alone']
      : []),
    ...(filled === textAt(container, 'name')
      ? []
      : [`Spark fills in a container ${String(filled)} that is not there`]),
    ...(PINNED.test(stated['spark.kubernetes.container.image'] ?? '')
      ? []
      : ['its image has no full version']),
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
            ...settingProblems(stated, textAt(map, 'data', 'executor.json')),
            ...(level.includes('restricted') ? [] : [`namespace ${namespace} is not restricted`]),
            ...(there('ResourceQuota') ? [] : [`namespace ${namespace} has no quota`]),
            ...(there('LimitRange') ? [] : [`namespace ${namespace} has no LimitRange`]),
          ],
        },
      ];
    }),
};
