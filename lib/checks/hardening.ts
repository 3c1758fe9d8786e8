import { title, type KubernetesObject } from '../kubernetes/object';
import { at, listAt, textAt, textsAt, type Fields } from '../kubernetes/read';
import { ofKind, templateOf, WORKLOADS, type Check } from './check';

/** Containers that may break a rule, with the reason; a new one is a decision that a reviewer sees. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'longhorn-manager/longhorn-manager': 'mounts volumes on the node',
  'longhorn-driver-deployer/wait-longhorn-manager': "upstream's image runs as root",
  'longhorn-driver-deployer/longhorn-driver-deployer': "upstream's image runs as root",
  'longhorn-ui/longhorn-ui': "the user of upstream's image is not known, and its nginx writes into it",
};

/** Containers, by namespace and name, that run as root and are hardened in all else. */
const ROOT: Readonly<Record<string, string>> = {
  'htcondor-execute/execute': 'the starter changes to the user of each job',
  'htcondor-execute/prepare': 'gives folders to the user condor',
};

/** Containers, by namespace and name, whose seccomp profile may be one of the nodes; AF-SEC-44 says when. */
const OWN_PROFILE: Readonly<Record<string, string>> = {
  'htcondor-execute/execute':
    'containers of jobs are user namespaces, which the profile of the runtime takes away',
};

function problems(workload: KubernetesObject, container: Fields): string[] {
  const name = String(container['name']);
  const pod = at(templateOf(workload), 'spec');
  const own = at(container, 'securityContext');
  const either = (key: string) => at(own, key) ?? at(pod, 'securityContext', key);
  const place = `${workload.metadata.namespace ?? ''}/${name}`;
  const profile = textAt(either('seccompProfile'), 'type');
  const hardened = [
    ...(either('runAsNonRoot') === true || place in ROOT ? [] : ['may run as root']),
    ...(at(own, 'allowPrivilegeEscalation') === false ? [] : ['may gain privileges']),
    ...(textsAt(own, 'capabilities', 'drop').includes('ALL') ? [] : ['keeps capabilities']),
    ...(profile === 'RuntimeDefault' || (profile === 'Localhost' && place in OWN_PROFILE)
      ? []
      : [
          `has ${profile === 'Localhost' ? 'a seccomp profile that only workers may have' : 'no seccomp profile'}`,
        ]),
  ];
  return [
    ...(`${workload.metadata.name}/${name}` in EXCEPTIONS ? [] : hardened),
    ...(at(container, 'resources', 'requests', 'cpu') === undefined ? ['requests no cpu'] : []),
    ...(at(container, 'resources', 'requests', 'memory') === undefined ? ['requests no memory'] : []),
    ...(at(container, 'resources', 'limits', 'memory') === undefined ? ['has no memory limit'] : []),
  ].map((problem) => `container ${name} ${problem}`);
}

export const hardening: Check = {
  id: 'AF-SEC-42',
  why: 'A container that is broken into should find nothing: no root, no capabilities, and a limit to what it can use up.',
  look: (output) =>
    ofKind(output, ...WORKLOADS).map((workload) => ({
      subject: title(workload),
      problems: ['containers', 'initContainers'].flatMap((key) =>
        listAt(templateOf(workload), 'spec', key).flatMap((container) => problems(workload, container)),
      ),
    })),
};
