import { labelsAt, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { kubectl, mustKubectl } from '../cluster/kubectl';
import { inPod, waitFor } from '../cluster/suite';

/** A container whose own program can try a connection. */
export interface Container {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly address: string;
}

const HUB = 'jupyterhub';
const USERS = 'jupyterhub-users';

export function podsOf(namespace: string, selector: string): readonly Fields[] {
  const args = ['get', 'pods', `--namespace=${namespace}`, `--selector=${selector}`, '--output=json'];
  return listAt(JSON.parse(mustKubectl(args)), 'items');
}

function isReady(pod: Fields): boolean {
  return (
    textAt(pod, 'metadata', 'deletionTimestamp') === undefined &&
    listAt(pod, 'status', 'conditions').some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

function containerOf(namespace: string, selector: string, container: string): Container {
  const ready = podsOf(namespace, selector).filter(isReady);
  const [pod, second] = ready;
  if (!pod || second) throw new Error(`${String(ready.length)} pods of ${selector} are ready, not one`);
  return {
    namespace,
    container,
    pod: textAt(pod, 'metadata', 'name') ?? '',
    address: textAt(pod, 'status', 'podIP') ?? '',
  };
}

export const hubPod = () => containerOf(HUB, 'app=jupyterhub,component=hub', 'hub');
export const proxyPod = () => containerOf(HUB, 'app=jupyterhub,component=proxy', 'chp');

/** The notebook of a user, by the annotation that KubeSpawner writes the name in. */
export function notebookObject(account: string): Fields {
  const mine = podsOf(USERS, 'component=singleuser-server').filter(
    (pod) => labelsAt(pod, 'metadata', 'annotations')['hub.jupyter.org/username'] === account,
  );
  const [pod, second] = mine;
  if (!pod || second) throw new Error(`${account} has ${String(mine.length)} notebooks, not one`);
  return pod;
}

export function notebookPod(account: string): Container {
  const pod = notebookObject(account);
  return {
    namespace: USERS,
    container: 'notebook',
    pod: textAt(pod, 'metadata', 'name') ?? '',
    address: textAt(pod, 'status', 'podIP') ?? '',
  };
}

/** All that the hub has said since its container started. */
export function hubLog(): string {
  return kubectl(['logs', `--namespace=${HUB}`, '--selector=app=jupyterhub,component=hub', '--tail=-1']).out;
}

/** Runs Python in the hub's container. */
export function inHub(program: string, ...args: readonly string[]): string {
  const { namespace, pod, container } = hubPod();
  const { status, out, err } = inPod(namespace, pod, container, ['python3', '-c', program, ...args]);
  if (status !== 0) throw new Error(`in the hub: ${err}`);
  return out;
}

/** Ends the hub's pod, as a node that fails does. The next one is not waited for. */
export function endHub(): void {
  mustKubectl([
    'delete',
    'pod',
    `--namespace=${HUB}`,
    '--selector=app=jupyterhub,component=hub',
    '--wait=true',
    '--timeout=90s',
  ]);
}

export async function hubIsReady(): Promise<void> {
  await waitFor('the hub is ready', 180, () => {
    const pods = podsOf(HUB, 'app=jupyterhub,component=hub');
    return pods.some(isReady)
      ? []
      : [JSON.stringify(pods.map((pod) => listAt(pod, 'status', 'containerStatuses')))];
  });
}

/** Changes one key of the hub's Secret. */
export function setSecret(name: string, key: string, value: string): void {
  const patch = JSON.stringify({ stringData: { [key]: value } });
  mustKubectl(['patch', 'secret', name, `--namespace=${HUB}`, '--type=merge', '--patch', patch]);
}

const USERS_IN_DATABASE = `import sqlite3
print(*[row[0] for row in sqlite3.connect("file:/srv/jupyterhub/jupyterhub.sqlite?mode=ro",uri=True).execute("select name from users order by name")])`;

/** Accounts that the hub knows. */
export function usersInDatabase(): readonly string[] {
  return inHub(USERS_IN_DATABASE).trim().split(/\s+/);
}

/** The claims with the home of an account. */
export function homesOf(account: string): readonly Fields[] {
  const claims = listAt(
    JSON.parse(mustKubectl(['get', 'pvc', `--namespace=${USERS}`, '--output=json'])),
    'items',
  );
  return claims.filter(
    (claim) => labelsAt(claim, 'metadata', 'annotations')['hub.jupyter.org/username'] === account,
  );
}
