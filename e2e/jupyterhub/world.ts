import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Site } from '../../lib/site/schema';
import { RUN } from '../cluster/cache';
import { playHosts } from '../cluster/dns';
import { address, inNetwork, outsideAddress, plugOutsideClient, type NetworkPlan } from '../cluster/network';
import { publicCa, publicCertificate } from '../cluster/public-ca';
import type { CablesOptions } from './outside/cables';
import type { FrontOptions } from './outside/front';
import type { IamCalls, IamOptions } from './outside/iam';
import type { Listening } from './outside/listener';
import { runOutside, type Running } from './outside/process';
import { Visitor } from './visitor';

/** Where clouds have the service that gives credentials to whoever asks. */
export const METADATA = '169.254.169.254';

/** What is outside of the cluster: the log-in service, the TLS front, visitors, and a metadata service as clouds have. */
export interface World {
  readonly hub: string;
  readonly issuer: URL;
  readonly iam: Running<IamCalls>['calls'];
  /** A client at the log-in service, as the admin registers it. */
  readonly client: IamOptions['client'];
  readonly visitor: (name: string) => Visitor;
  /** Where visitors are: a network namespace, and what they find there of each host. */
  readonly outside: { readonly network: string; readonly hosts: CablesOptions['hosts'] };
  readonly stop: () => void;
}

export interface WorldOptions {
  readonly hub: string;
  readonly issuer: string;
  readonly callback: string;
  /** Port of the nodes that leads to the hub, and whether a front outside of the cluster ends TLS before it. */
  readonly entrance: { readonly front: boolean; readonly port: number };
}

/** One server in each network that the site opens to notebooks, at each of the ports. */
export function siteServices({ jupyterhub }: Site): readonly Listening[] {
  return (jupyterhub?.egress ?? []).flatMap(({ cidrs, ports }) =>
    cidrs
      .filter((cidr) => !cidr.includes(':'))
      .flatMap((cidr) => ports.map((port) => ({ address: address(cidr, 1), port }))),
  );
}

/** Clients outside that are taken by these. */
export const HOSTS = ['iam', 'front', 'visitors', 'cloud'] as const;

export async function startWorld(site: Site, network: NetworkPlan, options: WorldOptions): Promise<World> {
  const { hub, entrance } = options;
  const issuer = new URL(options.issuer);
  const plugs = HOSTS.map((name, index) => ({
    address: outsideAddress(index),
    namespace: plugOutsideClient(name, index, network),
  }));
  const [iam, front, visitors, cloud] = plugs;
  const [node] = network.nodes;
  if (!iam || !front || !visitors || !cloud || !node) throw new Error('there are no nodes');
  for (const { address, namespace } of plugs)
    for (const other of plugs)
      if (other.namespace !== namespace)
        inNetwork(namespace, ['ip', 'route', 'add', other.address, 'dev', 'eth0', 'src', address]);
  for (const { namespace, address } of [iam, cloud])
    for (const { pods, address: via } of network.nodes)
      inNetwork(namespace, ['ip', 'route', 'add', pods, 'via', via, 'src', address]);
  const listening: readonly Listening[] = [{ address: METADATA, port: 80 }, ...siteServices(site)];
  for (const own of new Set(listening.map(({ address }) => address))) {
    inNetwork(cloud.namespace, ['ip', 'address', 'add', `${own}/32`, 'dev', 'eth0']);
    for (const { namespace } of network.nodes)
      inNetwork(namespace, ['ip', 'route', 'add', own, 'via', cloud.address]);
  }

  const client = { id: 'hub', secret: 'the-secret-of-the-client', redirectUri: options.callback };
  const run = <T extends Readonly<Record<string, (...args: never[]) => unknown>>>(
    program: string,
    namespace: string,
    given: object,
  ) => runOutside<T>(program, namespace, [JSON.stringify(given)]);
  const iamOptions: IamOptions = {
    ...publicCertificate(issuer.hostname),
    issuer: options.issuer,
    address: iam.address,
    client,
  };
  const frontOptions: FrontOptions = {
    ...publicCertificate(hub),
    address: front.address,
    target: { host: node.address, port: entrance.port },
  };
  const folder = path.join(RUN, 'cables');
  mkdirSync(folder, { recursive: true });
  const cables: CablesOptions = {
    folder,
    hosts: {
      [issuer.hostname]: { host: iam.address, port: 443 },
      [hub]: entrance.front
        ? { host: front.address, port: 443 }
        : { host: node.address, port: entrance.port },
    },
  };
  const service = await run<IamCalls>('iam', iam.namespace, iamOptions);
  const others = [
    ...(entrance.front ? [await run('front', front.namespace, frontOptions)] : []),
    await run('cables', visitors.namespace, cables),
    await run('listener', cloud.namespace, listening),
  ];
  playHosts(site, { [issuer.hostname]: iam.address });
  const reach = { socket: (host: string) => path.join(folder, host), ca: readFileSync(publicCa()) };
  return {
    hub,
    issuer,
    iam: service.calls,
    client,
    visitor: (name) => new Visitor(name, hub, reach),
    outside: { network: visitors.namespace, hosts: cables.hosts },
    stop() {
      for (const each of [service, ...others]) each.stop();
    },
  };
}
