import { readFileSync, readdirSync } from 'node:fs';
import { at, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { mustKubectl, type Answer } from '../cluster/kubectl';
import { inPod, waitFor } from '../cluster/suite';

/** A container of the pool in which something can be run. */
export interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export const NAMESPACE = 'htcondor';
export const EXECUTE_NAMESPACE = 'htcondor-execute';

export const CENTRAL_MANAGER: Place = { namespace: NAMESPACE, pod: 'central-manager-0', container: 'condor' };

/** What the suite must know of a site's pool. */
export interface Pool {
  readonly site: Site;
  readonly domain: string;
  readonly accessPoint: Place;
  /** Host name and port for clients outside. */
  readonly outside: { readonly host: string; readonly port: number };
}

export function poolOf(site: Site): Pool {
  const { htcondor } = site;
  const [first] = htcondor?.accessPoints ?? [];
  if (!htcondor?.external || !first?.external)
    throw new Error(`${site.site.name} has no access point for clients outside`);
  return {
    site,
    domain: htcondor.trustDomain ?? site.site.domain,
    accessPoint: { namespace: NAMESPACE, pod: `access-point-${first.name}-0`, container: 'condor' },
    outside: { host: htcondor.external.hostName, port: first.external.port },
  };
}

/** Runs a shell script in a container. */
export function run({ namespace, pod, container }: Place, script: string): Answer {
  return inPod(namespace, pod, container, ['sh', '-c', script]);
}

/** As {@link run}; an error is thrown with what was said. */
export function must(place: Place, script: string): string {
  const { status, out, err } = run(place, script);
  if (status !== 0) throw new Error(`${place.pod}: ${script}\n${out}${err}`);
  return out;
}

export function podOf({ namespace, pod }: Place): Fields {
  return JSON.parse(mustKubectl(['get', 'pod', pod, `--namespace=${namespace}`, '--output=json'])) as Fields;
}

/** Worker pods, or those of one group of workers. */
export function workers(group?: string): readonly Place[] {
  const labels = [
    'app.kubernetes.io/component=execute',
    ...(group === undefined ? [] : [`analysis-facility/execute-pool=${group}`]),
  ];
  const answer: unknown = JSON.parse(
    mustKubectl([
      'get',
      'pods',
      `--namespace=${EXECUTE_NAMESPACE}`,
      `--selector=${labels.join(',')}`,
      '--output=json',
    ]),
  );
  return (
    listAt(answer, 'items')
      // Those of a Deployment; what a criterion starts by itself is not of the pool.
      .filter((pod) => listAt(pod, 'metadata', 'ownerReferences').length > 0)
      .filter((pod) => at(pod, 'metadata', 'deletionTimestamp') === undefined)
      .map((pod) => ({
        namespace: EXECUTE_NAMESPACE,
        pod: textAt(pod, 'metadata', 'name') ?? '',
        container: 'execute',
      }))
  );
}

/** Ads of daemons that the collector has. */
export function ads(kind: 'Machine' | 'Scheduler' | 'DaemonMaster' | 'Negotiator'): readonly Fields[] {
  const out = must(CENTRAL_MANAGER, `condor_status -any -json -constraint 'MyType == "${kind}"'`);
  return out.trim() === '' ? [] : (JSON.parse(out) as Fields[]);
}

/** Workers that are in the pool, by the names of their pods. */
export function registeredWorkers(): readonly string[] {
  const names = ads('Machine').map((ad) => (textAt(ad, 'Machine') ?? '').replace(/\..*$/, ''));
  return [...new Set(names)].sort();
}

/** The process on this machine that is the first of a container. */
export function processOf(place: Place): number {
  const statuses = listAt(podOf(place), 'status', 'containerStatuses');
  const status = statuses.find((each) => each['name'] === place.container);
  const id = (textAt(status, 'containerID') ?? '').replace(/^.*:\/\//, '');
  const found = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && isFirstOf(pid, id));
  if (id === '' || found === undefined) throw new Error(`${place.pod}: no process of container ${id}`);
  return Number(found);
}

function isFirstOf(pid: string, container: string): boolean {
  try {
    const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
    return read('cgroup').includes(container) && /^NSpid:.*\t1$/m.test(read('status'));
  } catch {
    return false;
  }
}

/** What tells a container's run from the next one, and a pod from its successor. */
export function lifeOf(place: Place): string {
  const pod = podOf(place);
  const status = listAt(pod, 'status', 'containerStatuses').find((each) => each['name'] === place.container);
  return `${textAt(pod, 'metadata', 'uid') ?? ''} ${textAt(status, 'containerID') ?? ''}`;
}

/** Ends the first process of a container, as the loss of its node or of its power does. */
export function killFirstProcess(place: Place, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
  process.kill(processOf(place), signal);
}

/** Waits until a pod is ready in another life than that. */
export async function readyAgain(place: Place, before: string, seconds = 90): Promise<void> {
  await waitFor(`${place.pod} is ready again`, seconds, () => {
    try {
      if (lifeOf(place) === before) return ['it is the same container still'];
      const conditions = listAt(podOf(place), 'status', 'conditions');
      const ready = conditions.find(({ type }) => type === 'Ready');
      return ready?.['status'] === 'True' ? [] : [JSON.stringify(ready)];
    } catch (error) {
      return [String(error)];
    }
  });
}

/** One line of `condor_ping -table`. */
export interface Permission {
  readonly name: string;
  readonly authentication: string;
  readonly encryption: string;
  readonly integrity: string;
  readonly allowed: boolean;
  readonly identity: string;
}

export function permissionsIn(table: string): readonly Permission[] {
  return table.split('\n').flatMap((line) => {
    const [name = '', authentication = '', encryption = '', integrity = '', decision = '', identity = ''] =
      line.trim().split(/\s+/);
    return /^(?:ALLOW|DENY|FAIL)$/.test(decision)
      ? [{ name, authentication, encryption, integrity, allowed: decision === 'ALLOW', identity }]
      : [];
  });
}
