import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { readPrograms } from '../../lib/commands/read-programs';
import { EXECUTE_NAMESPACE } from '../../lib/htcondor/release';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { at, listAt, textAt } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { siteOutput } from '../../lib/synthesise';
import { applyObjects } from '../cluster/kubectl';
import { nodeFolder } from '../cluster/real-node';
import { inPod, waitFor, type Proves } from '../cluster/suite';
import { say } from '../suite/look';
import { readAll } from '../suite/objects';
import { namespace, probePod, waitReady, type Running } from './pods';

const JOBS = 'e2e-jobs';
const PROFILE = 'profiles/apptainer.json';
const ON_NODES = path.join(__dirname, '..', '..', 'docs', 'admin', 'apptainer-seccomp.json');

const DONE = 'done';

/** By the call that Apptainer uses; Debian's `mount` has newer ones. */
const MOUNT = `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print("${DONE}" if libc.mount(b"none", b"/mnt", b"tmpfs", 0, None) == 0 else os.strerror(ctypes.get_errno()))`;

/** What a job tries: with the profile for containers of jobs, and with that of the runtime. */
const TRIES = [
  { tries: 'a file system of its own', unshare: '--mount', profile: true, runtime: false },
  { tries: 'a network of its own', unshare: '--net', profile: false, runtime: false },
  { tries: 'process ids of its own', unshare: '--pid --fork', profile: false, runtime: false },
  { tries: 'a host name of its own', unshare: '--uts', profile: false, runtime: false },
];

/** What the kubelet and the kernel make of the workers of a group with `apptainer`. */
export function proveJobContainers(proves: Proves, { site, dist, network }: Running): void {
  proves(
    'jobs have namespaces for containers where nodes and workers have the profile for them',
    async () => {
      const [node, bare] = network().nodes;
      if (!node || !bare) throw new Error('there are not two nodes');
      const file = nodeFolder(node, 'k', 'seccomp', PROFILE);
      mkdirSync(path.dirname(file), { recursive: true });
      copyFileSync(ON_NODES, file);
      const open = workersOf(withContainers(site));
      applyObjects([
        namespace(JOBS, { 'pod-security.kubernetes.io/enforce': 'baseline' }),
        worker('profile', open, node.name),
        worker('runtime', workersOf(dist), node.name),
        worker('without-file', open, bare.name),
      ]);
      waitReady(JOBS, 'e2e/probe in (profile, runtime)');
      for (const { tries, unshare, ...expected } of TRIES) {
        const answers = { profile: asJob('profile', unshare), runtime: asJob('runtime', unshare) };
        say(`a job asks for ${tries}: ${JSON.stringify(answers)}`);
        expect({ tries, profile: answers.profile === DONE, runtime: answers.runtime === DONE }).toEqual({
          tries,
          ...expected,
        });
      }
      await waitFor('the node without the file starts no worker', 60, () => {
        const [pod] = readAll('pods', `--namespace=${JOBS}`, '--selector=e2e/probe=without-file');
        const waiting = at(listAt(pod, 'status', 'containerStatuses')[0], 'state', 'waiting');
        return textAt(waiting, 'reason') === 'CreateContainerError' &&
          textAt(waiting, 'message')?.includes(PROFILE) === true
          ? []
          : [JSON.stringify(at(pod, 'status'))];
      });
    },
  );
}

/** What a job is told that wants namespaces of its own, and mounts something where it has those for it. */
function asJob(pod: string, unshare: string): string {
  const account = ['setpriv', '--reuid=1001', '--regid=1001', '--clear-groups', '--no-new-privs'];
  const namespaces = ['unshare', '--user', '--map-root-user', ...unshare.split(' ')];
  const inside = ['python3', '-c', unshare === '--mount' ? MOUNT : `print("${DONE}")`];
  const { out, err } = inPod(JOBS, pod, 'probe', [...account, ...namespaces, ...inside]);
  return (out + err).trim();
}

/** The objects of the site, if all its groups of workers ran jobs in containers. */
function withContainers(site: Site): readonly KubernetesObject[] {
  if (!site.htcondor) throw new Error('the site has no pool');
  const executePools = site.htcondor.executePools.map((group) => ({
    ...group,
    apptainer: { seccompProfile: PROFILE },
  }));
  const changed = { ...site, htcondor: { ...site.htcondor, executePools } };
  return siteOutput(changed, readPrograms()).components.flatMap(({ objects }) => objects);
}

/** What a worker may do: security contexts of pod and container. */
function workersOf(objects: readonly KubernetesObject[]) {
  const deployment = objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === EXECUTE_NAMESPACE,
  );
  const pod = at(deployment, 'spec', 'template', 'spec');
  const [container] = listAt(pod, 'containers');
  return { pod: at(pod, 'securityContext'), container: at(container, 'securityContext') };
}

const worker = (name: string, { pod, container }: ReturnType<typeof workersOf>, node: string) =>
  probePod({
    namespace: JOBS,
    name,
    node,
    spec: { securityContext: pod },
    container: { securityContext: container },
  });
