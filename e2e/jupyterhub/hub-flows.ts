import type { Site } from '../../lib/site/schema';
import { textAt } from '../../lib/kubernetes/read';
import { TOOLS } from '../cluster/images/table';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { runningNetwork } from '../cluster/real';
import type { Flow } from './flows';
import { hubPod, proxyPod, type Container } from './pods';
import { METADATA, siteServices } from './world';

/** A connection to try. */
export interface FlowCase extends Omit<Flow, 'open'> {
  readonly container: Container;
  readonly host: string;
  readonly port: number;
}

const STRANGER = { name: 'stranger', namespace: 'e2e-stranger' };

/** A pod of nobody, in a namespace without policies: it shows that what is refused to others is there. */
export async function startStranger(): Promise<Container> {
  applyObjects([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: STRANGER.namespace } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: STRANGER,
      spec: {
        containers: [{ name: 'tools', image: TOOLS }],
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 0,
      },
    },
  ]);
  const where = `--namespace=${STRANGER.namespace}`;
  mustKubectl(['wait', '--for=condition=Ready', 'pod/stranger', where, '--timeout=90s']);
  const pod: unknown = JSON.parse(mustKubectl(['get', 'pod', 'stranger', where, '--output=json']));
  return Promise.resolve({
    namespace: STRANGER.namespace,
    pod: STRANGER.name,
    container: 'tools',
    address: textAt(pod, 'status', 'podIP') ?? '',
  });
}

export interface Parties {
  readonly site: Site;
  /** Host of the log-in service: the only one of the internet that is played. */
  readonly issuer: string;
  readonly alice: Container;
  readonly bob: Container;
  readonly stranger: Container;
}

/** Every pair of parties: what somebody needs is open, all else is refused. */
export function flowsOf({ site, issuer, alice, bob, stranger }: Parties): readonly FlowCase[] {
  const network = runningNetwork();
  const [proxy, hub] = [proxyPod(), hubPod()];
  const [node] = network.nodes;
  const [api = ''] = network.apiServer;
  const parties = { hub, proxy, notebook: alice, 'a pod of others': stranger };
  const targets = {
    'hub, 8081': { host: hub.address, port: 8081, from: ['proxy', 'notebook'] },
    'proxy, 8000': {
      host: proxy.address,
      port: 8000,
      // Who comes through a NodePort has any address.
      from: site.jupyterhub?.entrance.kind === 'nodePort' ? ['a pod of others'] : [],
    },
    'API of the proxy, 8001': { host: proxy.address, port: 8001, from: ['hub'] },
    'notebook of another user, 8888': { host: bob.address, port: 8888, from: ['hub', 'proxy'] },
    'internet (log-in service), 443': {
      host: issuer,
      port: 443,
      from: ['hub', 'notebook', 'a pod of others'],
    },
    'API server': { host: api, port: network.port, from: ['hub', 'a pod of others'] },
    'kubelet of a node, 10250': { host: node?.address ?? '', port: 10_250, from: ['a pod of others'] },
    'metadata address, 80': { host: METADATA, port: 80, from: ['a pod of others'] },
    ...Object.fromEntries(
      siteServices(site).map(({ address, port }) => [
        `network of the site ${address}, ${String(port)}`,
        { host: address, port, from: ['notebook', 'a pod of others'] },
      ]),
    ),
  };
  const pairs = Object.entries(parties).flatMap(([from, container]) =>
    Object.entries(targets).flatMap(([to, { host, port, from: needed }]) =>
      host === container.address
        ? []
        : [{ from, to, container, host, port, expected: needed.includes(from) }],
    ),
  );
  // By the names that the programs use.
  const named = [
    { from: 'hub', container: hub, to: 'Service proxy-api', host: 'proxy-api', port: 8001 },
    { from: 'proxy', container: proxy, to: 'Service hub', host: 'hub', port: 8081 },
    { from: 'notebook', container: alice, to: 'Service hub', host: 'hub.jupyterhub.svc', port: 8081 },
  ];
  return [...pairs, ...named.map((flow) => ({ ...flow, expected: true }))];
}
