import { textAt, type Fields } from '../../lib/kubernetes/read';
import { applyObjects } from '../cluster/kubectl';
import { ownAddress } from '../cluster/network';
import { waitFor, type Proves } from '../cluster/suite';
import { WORLD } from '../node/declared-flows';
import { tableOfFlows, undeclared, type Tried } from '../node/platform-flows';
import { namespace, probePod, waitReady } from '../node/pods';
import { insideOf, tryTargets } from '../node/probe';
import { say } from '../suite/look';
import { readAll } from '../suite/objects';
import type { Bench } from './bench';
import { CENTRAL_MANAGER, EXECUTE_NAMESPACE, NAMESPACE, podOf, workers, type Pool } from './pool';

const CONDOR = 9618;
/** Tried everywhere: the port of the pool, those of issuers, and one that nobody opens. */
const PORTS = [22, 443, CONDOR];

/** Pods of the suite, which are of no pool. */
const BESIDE: Readonly<Record<string, string>> = {
  'pod beside the queue': NAMESPACE,
  'pod beside the workers': EXECUTE_NAMESPACE,
  'pod elsewhere': 'e2e-elsewhere',
};

/** Flows by what the daemons do, and not by the policies of dist: `from > to:port`. */
function declaredFlows({ site }: Pool): readonly string[] {
  const { centralManager, accessPoints, jobs } = site.htcondor ?? {};
  const places = (jobs?.egress ?? []).map(({ name }) => name);
  const outside = ['world', ...places];
  const open = [
    ...(centralManager?.external ? ['central manager'] : []),
    ...(accessPoints?.[0]?.external ? ['access point'] : []),
  ];
  const issuers = site.experiments.flatMap(({ tokenIssuers }) => tokenIssuers);
  const publicIssuer = issuers.some(({ url, networks }) => !networks && !/^https:\/\/[^/]+:\d/.test(url));
  return [
    // Everybody reports to the collector; the negotiator calls access points, and these the workers, who call back.
    ...['access point', 'worker'].map((from) => `${from} > central manager:${String(CONDOR)}`),
    ...['central manager', 'worker'].map((from) => `${from} > access point:${String(CONDOR)}`),
    `access point > worker:${String(CONDOR)}`,
    // Clients outside may come from anywhere, and their tokens are checked with the keys of issuers.
    ...open.map((to) => `pod elsewhere > ${to}:${String(CONDOR)}`),
    ...(publicIssuer ? open.flatMap((from) => outside.map((to) => `${from} > ${to}:443`)) : []),
    ...(jobs?.egress ?? []).flatMap(({ name, ports }) =>
      ports.map((port) => `worker > ${name}:${String(port)}`),
    ),
    // Nothing restricts who is not of the facility.
    ...outside.flatMap((to) => portsOf(site).map((port) => `pod elsewhere > ${to}:${String(port)}`)),
  ];
}

function portsOf({ htcondor }: Pool['site']): readonly number[] {
  return [...new Set([...PORTS, ...(htcondor?.jobs.egress ?? []).flatMap(({ ports }) => ports)])];
}

/** The address after the first of a network. */
const hostIn = (cidr = '') => cidr.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1));

/** Every port between the pods of the pool, others beside them, and the world; from inside their own networks. */
export function proveFlows(proves: Proves, bench: () => Bench): void {
  proves('the flows of the pool pass, and no other', async () => {
    const { pool, network } = bench();
    const { site } = pool;
    applyObjects([
      namespace('e2e-elsewhere'),
      ...Object.values(BESIDE).map((space) => probePod({ namespace: space, name: 'beside', ...ANYWHERE })),
    ]);
    for (const space of Object.values(BESIDE)) waitReady(space, 'e2e/probe=beside');
    const [worker] = workers();
    if (!worker) throw new Error('there is no worker');
    const pods: Readonly<Record<string, Fields | undefined>> = {
      'central manager': podOf(CENTRAL_MANAGER),
      'access point': podOf(pool.accessPoint),
      worker: podOf(worker),
      ...Object.fromEntries(
        Object.entries(BESIDE).map(([name, space]) => [
          name,
          readAll('pods', `--namespace=${space}`, '--selector=e2e/probe=beside')[0],
        ]),
      ),
    };
    const addresses = {
      ...Object.fromEntries(
        Object.entries(pods).map(([name, pod]) => [name, textAt(pod, 'status', 'podIP') ?? '']),
      ),
      world: WORLD.world,
      ...Object.fromEntries(
        (site.htcondor?.jobs.egress ?? []).map(({ name, cidrs }) => [name, hostIn(cidrs[0])]),
      ),
    };
    for (const [name, address] of Object.entries(addresses)) if (!(name in pods)) ownAddress(address);
    const declared = declaredFlows(pool);
    const ports = portsOf(site);

    const tryAll = async (): Promise<readonly Tried[]> => {
      const tries = Object.entries(pods).map(async ([from, pod]) => {
        const flows = Object.entries(addresses)
          .filter(([to]) => to !== from)
          .flatMap(([to, address]) => ports.map((port) => ({ to, address, port })));
        const answers = await tryTargets(
          insideOf(pod ?? {}, network),
          flows.map(({ address, port }) => [address, port, 'TCP'] as const),
        );
        return flows.map(({ to, port }, index) => ({
          from,
          to,
          port,
          passes: answers[index] === true,
          declared: declared.includes(`${from} > ${to}:${String(port)}`),
        }));
      });
      return (await Promise.all(tries)).flat();
    };
    let tried: readonly Tried[] = [];
    await waitFor('flows are as declared', 30, async () => undeclared((tried = await tryAll())));
    say(tableOfFlows(tried));
    const passed = tried.filter(({ passes }) => passes).length;
    say(
      `${String(tried.length)} flows tried: ${String(passed)} pass, ${String(tried.length - passed)} do not`,
    );
    expect(passed).toBe(declared.length);
  });
}

const ANYWHERE = { spec: { tolerations: [{ operator: 'Exists' }] } };
