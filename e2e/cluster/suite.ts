import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listAt, textAt } from '../../lib/kubernetes/read';
import { objectsOf } from '../api/dist';
import { applyPatiently } from '../suite/apply';
import { say } from '../suite/look';
import { waitingPods } from '../suite/pods';
import { cacheFolder } from './cache';
import { kubectl, type Answer } from './kubectl';
import { logFolder } from './processes';

/**
 * Tries every half second until nothing is left to say against it. A question that fails is an objection as well: a daemon
 * or a server may be away for a moment.
 *
 * @throws Error with the last objections
 */
export async function waitFor(
  what: string,
  seconds: number,
  objections: () => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  const deadline = process.hrtime.bigint() + BigInt(seconds) * 1_000_000_000n;
  for (;;) {
    let left: readonly string[];
    try {
      left = await objections();
    } catch (error) {
      left = [String(error)];
    }
    if (left.length === 0) return;
    if (process.hrtime.bigint() > deadline)
      throw new Error(`${what}: not within ${String(seconds)} s:\n${left.join('\n')}`);
    await sleep(500);
  }
}

/**
 * Applies components of dist in the order given, as Argo CD does.
 *
 * @param dist a folder like dist. @default that of this repository
 */
export async function applyDist(site: string, components: readonly string[], dist?: string): Promise<void> {
  for (const component of components) {
    const objects = objectsOf(site, component, dist);
    if (objects.length === 0) throw new Error(`dist of ${site} has no component ${component}`);
    const objections = await applyPatiently(objects);
    if (objections.length > 0) throw new Error(`${component} is not applied:\n${objections.join('\n')}`);
  }
}

/**
 * Waits until all pods of a namespace's workload are there and ready.
 *
 * @throws Error with what the pods of the namespace wait for
 */
export function rolledOut(namespace: string, workload: string, seconds = 180): void {
  const scope = `--namespace=${namespace}`;
  const { status, err } = kubectl(['rollout', 'status', workload, scope, `--timeout=${String(seconds)}s`]);
  if (status !== 0)
    throw new Error(
      [`${workload} of ${namespace} is not ready: ${err.trim()}`, ...waitingPods(scope)].join('\n'),
    );
}

/** A test. */
export type Proves = (what: string, body: () => Promise<void> | void) => void;

/** Makes tests whose failure is explained, before the next test changes what explains it. */
export function provesWith(explain: () => void): Proves {
  return (what, body) => {
    test(what, async () => {
      try {
        await body();
      } catch (error) {
        say(`failed: ${what}\n${error instanceof Error ? error.message : String(error)}`);
        explain();
        throw error;
      }
    });
  };
}

/** Runs a command in a container of a pod. */
export function inPod(namespace: string, pod: string, container: string, command: readonly string[]): Answer {
  return kubectl(['exec', `--namespace=${namespace}`, pod, `--container=${container}`, '--', ...command]);
}

/**
 * Gathers what explains a failure: logs of the cluster's programs and of all containers, events, objects.
 *
 * @param name last part of the folder's path, in the cache
 * @returns the folder
 */
export function collectLogs(name: string): string {
  const folder = cacheFolder('failures', name);
  if (existsSync(logFolder()))
    for (const file of readdirSync(logFolder()))
      copyFileSync(path.join(logFolder(), file), path.join(folder, file));
  const write = (file: string, args: readonly string[]) => {
    const { out, err } = kubectl(args);
    writeFileSync(path.join(folder, file), `${out}${err}`);
  };
  write('events.txt', ['get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp']);
  write('objects.txt', [
    'get',
    'nodes,pods,pvc,pv,services,networkpolicies',
    '--all-namespaces',
    '--output=wide',
  ]);
  write('pods.txt', ['describe', 'pods', '--all-namespaces']);
  const pods = kubectl(['get', 'pods', '--all-namespaces', '--output=json']);
  mkdirSync(path.join(folder, 'containers'), { recursive: true });
  for (const pod of pods.status === 0 ? listAt(JSON.parse(pods.out), 'items') : []) {
    const [space = '', own = ''] = [textAt(pod, 'metadata', 'namespace'), textAt(pod, 'metadata', 'name')];
    write(`containers/${space}_${own}.log`, [
      'logs',
      `--namespace=${space}`,
      own,
      '--all-containers',
      '--prefix',
    ]);
  }
  return folder;
}
