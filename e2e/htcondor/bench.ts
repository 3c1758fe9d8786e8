import { listAt, textAt } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { mustKubectl } from '../cluster/kubectl';
import { plugOutsideClient, type NetworkPlan } from '../cluster/network';
import { upReal, type RealOptions } from '../cluster/real';
import { applyDist, rolledOut, waitFor } from '../cluster/suite';
import { define, pinnedDefinitions } from '../suite/definitions';
import { say } from '../suite/look';
import { Client, type User } from './client';
import { clock, note } from './figures';
import { withKit } from './kit';
import { startIssuers, type Issuers } from './issuers';
import {
  ads,
  CENTRAL_MANAGER,
  EXECUTE_NAMESPACE,
  NAMESPACE,
  poolOf,
  registeredWorkers,
  workers,
  type Place,
  type Pool,
} from './pool';
import { sayWhere } from './proves';
import { makeSecrets, type PoolSecrets } from './secrets';
import type { Claims } from './token-issuer';

/** Everything that a criterion works with. */
export interface Bench {
  readonly pool: Pool;
  readonly network: NetworkPlan;
  readonly issuers: Issuers;
  readonly secrets: PoolSecrets;
  /** A machine outside of the cluster. */
  readonly client: Client;
  /** Seconds from the start of the last container until all of the pool had registered. */
  readonly registered: number;
}

/** What comes before the pool, in the order of Argo CD's waves. */
const BEFORE = ['namespaces', 'cert-manager', 'certificates', 'storage'];

/**
 * A cluster of a site's own shape with the pool of its dist.
 *
 * @param suite names the folder of what explains a failure
 */
export async function startBench(suite: string, site: Site, options: RealOptions): Promise<Bench> {
  try {
    return await start(site, options);
  } catch (error) {
    sayWhere(suite);
    // Said at once: every test that follows fails for this reason, and says it at the end.
    say(String(error));
    throw error;
  }
}

async function start(site: Site, options: RealOptions): Promise<Bench> {
  const { name } = site.site;
  const network = await upReal(site, options, say);
  await define(pinnedDefinitions());
  const issuers = await startIssuers(site);
  await applyDist(name, ['namespaces']);
  const secrets = makeSecrets(site);
  await applyDist(name, BEFORE.slice(1));
  for (const part of ['cert-manager', 'cert-manager-webhook', 'cert-manager-cainjector'])
    rolledOut('cert-manager', `deployment/${part}`);
  const pool = poolOf(site);
  const passed = clock();
  await applyDist(name, ['htcondor']);
  await waitForRegistration(pool);
  const registered = (Date.now() - lastStart()) / 1000;
  note('objects applied until all of the pool has registered', passed());
  note('last container started until all of the pool has registered', registered);
  const client = outsideClient(pool, network);
  await waitForPool({ pool, client });
  return { pool, network, issuers, secrets, client, registered };
}

/** When the last container of the pool was started, in milliseconds since 1970. */
function lastStart(): number {
  const starts = [NAMESPACE, EXECUTE_NAMESPACE]
    .flatMap((namespace) =>
      listAt(JSON.parse(mustKubectl(['get', 'pods', `--namespace=${namespace}`, '--output=json'])), 'items'),
    )
    .flatMap((pod) => listAt(pod, 'status', 'containerStatuses'))
    .map((status) => Date.parse(textAt(status, 'state', 'running', 'startedAt') ?? ''));
  return Math.max(...starts);
}

/** What is said against a pool being complete: daemons that the collector does not know, or still knows. */
function missingFrom({ site }: Pool): readonly string[] {
  const wanted = (site.htcondor?.executePools ?? []).reduce((sum, { scale }) => sum + scale.min, 0);
  const accessPoints = site.htcondor?.accessPoints.length ?? 0;
  try {
    const pods = workers().map(({ pod }) => pod);
    const registered = registeredWorkers();
    return [
      ...(pods.length === wanted ? [] : [`${String(pods.length)} of ${String(wanted)} worker pods`]),
      ...pods.filter((pod) => !registered.includes(pod)).map((pod) => `${pod} is not in the pool`),
      ...registered.filter((pod) => !pods.includes(pod)).map((pod) => `${pod} is still in the pool`),
      ...(ads('Scheduler').length === accessPoints ? [] : ['an access point is missing']),
      ...(ads('Negotiator').length === 1 ? [] : ['the negotiator is missing']),
    ];
  } catch (error) {
    // The collector itself may be the one that is away.
    return [String(error)];
  }
}

/** Waits until all workloads are ready, the collector knows them all, and no others, and the access point answers outside. */
export async function waitForPool({ pool, client }: Pick<Bench, 'pool' | 'client'>): Promise<void> {
  const setOf = ({ pod }: Place) => `statefulset/${pod.replace(/-0$/, '')}`;
  for (const place of [CENTRAL_MANAGER, pool.accessPoint]) rolledOut(place.namespace, setOf(place));
  for (const { name } of pool.site.htcondor?.executePools ?? [])
    rolledOut(EXECUTE_NAMESPACE, `deployment/execute-${name}`);
  await waitForRegistration(pool);
  await waitForWayIn({ pool, client });
}

/** The way in follows an access point to a new address, somewhat later than its pod is ready. */
export async function waitForWayIn({ pool, client }: Pick<Bench, 'pool' | 'client'>): Promise<void> {
  const { host, port } = pool.outside;
  const knock = `timeout 5 bash -c ': < /dev/tcp/${host}/${String(port)}'`;
  await waitFor('the access point answers outside', 60, () => {
    const { status, err } = client.run({ name: 'passer-by', token: '' }, knock);
    return status === 0 ? [] : [err];
  });
}

/** Waits until the collector knows every daemon of the pool, and no others. */
export async function waitForRegistration(pool: Pool, seconds = 180): Promise<void> {
  await waitFor('all of the pool has registered', seconds, () => missingFrom(pool));
}

/**
 * A machine outside, whose only way in are the NodePorts of the first node, with the client kit of the site.
 *
 * @param index among the clients outside
 */
export function outsideClient({ site, outside }: Pool, network: NetworkPlan, index = 0): Client {
  const [node] = network.nodes;
  const name = 'client';
  return withKit(site.site.name, (kit) => {
    const address = node?.address ?? '';
    // The second name leads to the pool as well, and no certificate has it.
    const hosts = { [outside.host]: address, 'other.example.net': address };
    return new Client({ name, kit, network: plugOutsideClient(name, index, network), hosts });
  });
}

/** A member of an experiment with a token of its issuer. */
export function memberOf({ issuers }: Bench, experiment: string, subject: string, claims: Claims = {}): User {
  const issuer = issuers.of[experiment];
  if (!issuer) throw new Error(`no issuer for ${experiment}`);
  return { name: subject, token: issuer.token(subject, claims) };
}

/** Who the criteria speak of: two members of one experiment, and one of another. */
export function usersOf(bench: () => Bench) {
  return {
    alice: () => memberOf(bench(), 'cms', 'alice'),
    bob: () => memberOf(bench(), 'cms', 'bob'),
    carol: () => memberOf(bench(), 'vo2', 'carol'),
  };
}
