import { CONTAINERS_CONFIG, EXECUTE_NAMESPACE } from '../htcondor/release';
import { title, type KubernetesObject } from '../kubernetes/object';
import { at, labelsAt, listAt, textAt, textsAt, type Fields } from '../kubernetes/read';
import { ofKind, templateOf, WORKLOADS, type Check, type SiteOutput } from './check';

/** What a worker needs to start a job under another account; containers of jobs need no more. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'KILL', 'SETGID', 'SETUID'];

/** Whether HTCondor on the worker is told to run jobs in containers. */
function runsContainers(output: SiteOutput, container: Fields, pod: unknown): boolean {
  const mounted = listAt(container, 'volumeMounts').map(({ name }) => name);
  const maps = listAt(pod, 'volumes').flatMap((volume) =>
    mounted.includes(volume['name']) ? (textAt(volume, 'configMap', 'name') ?? []) : [],
  );
  return ofKind(output, 'ConfigMap').some(
    (map) =>
      map.metadata.namespace === EXECUTE_NAMESPACE &&
      maps.includes(map.metadata.name) &&
      CONTAINERS_CONFIG in labelsAt(map, 'data'),
  );
}

function problems(output: SiteOutput, workload: KubernetesObject): string[] {
  const pod = at(templateOf(workload), 'spec');
  return listAt(pod, 'containers').flatMap((container) => {
    const security = at(container, 'securityContext');
    const file = textAt(security, 'seccompProfile', 'localhostProfile');
    const runs = runsContainers(output, container, pod);
    const more = textsAt(security, 'capabilities', 'add').filter((each) => !CAPABILITIES.includes(each));
    return [
      ...(runs && file === undefined ? ['runs containers of jobs without a profile that lets it'] : []),
      ...(!runs && file !== undefined ? [`has the profile ${file} and runs no containers of jobs`] : []),
      ...more.map((each) => `has the capability ${each}`),
      ...(at(security, 'privileged') === true ? ['is privileged'] : []),
      ...(at(security, 'procMount') === undefined ? [] : ['sees more of /proc than others']),
    ].map((problem) => `container ${String(container['name'])} ${problem}`);
  });
}

export const jobContainers: Check = {
  id: 'AF-SEC-44',
  why: 'A worker may make user namespaces where the site wants containers of jobs, and nowhere else; nothing besides the seccomp profile is loosened for them.',
  needs: 'htcondor',
  look: (output) =>
    ofKind(output, ...WORKLOADS)
      .filter(({ metadata }) => metadata.namespace === EXECUTE_NAMESPACE)
      .map((workload) => ({ subject: title(workload), problems: problems(output, workload) })),
};
