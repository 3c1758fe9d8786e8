import type { k8s } from 'cdk8s-plus-27';
import type { ClusterNetwork } from '../kubernetes/cluster';
import {
  fromMonitoring,
  namespaceNamed,
  podsOf,
  publicAnd,
  tcp,
  tcpRange,
  toDns,
  type Pods,
} from '../kubernetes/network-policy';
import type { TokenIssuer } from './config/accounting-groups';
import {
  CENTRAL_MANAGER,
  EXPORTER_MEMBER,
  metadata,
  namespaceOf,
  selector,
  type Member,
  type Role,
} from './metadata';
import type { OutsidePort } from './objects';
import { EXPORTER, PORT } from './release';

/** A place outside the pool that jobs reach: XRootD, S3, a squid. */
export interface JobEgress {
  readonly cidrs: readonly string[];
  readonly ports: readonly number[];
}

/** Dask whose scheduler is in a notebook and whose workers are jobs. */
export interface DaskFlows {
  readonly notebooks: Pods;
  /** Groups of workers whose jobs may be workers of Dask. */
  readonly executePools: readonly string[];
  /** Where notebooks are called. */
  readonly scheduler: number;
  /** Where jobs are called: by their notebook, and those of `workers` by each other. */
  readonly workers: PortRange;
  readonly nannies: PortRange;
}

interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface NetworkPoliciesProps {
  readonly cluster: ClusterNetwork;
  /** Networks of the nodes: behind a NodePort the address of a client is that of a node. */
  readonly nodeCidrs: readonly string[];
  /** Who signs the tokens of outside clients: their keys are fetched over HTTPS. */
  readonly issuers: readonly TokenIssuer[];
  /** The collector's port outside. @default it is closed */
  readonly collectorPort?: OutsidePort;
  readonly accessPoints: readonly {
    readonly name: string;
    /** @default only pods reach it */
    readonly port?: OutsidePort;
  }[];
  /** Namespace of notebooks, which submit jobs. @default there are none */
  readonly notebooks?: string;
  /** The exporter, which Prometheus asks where there is one. @default there is none */
  readonly exporter?: {
    /** Namespace of KEDA, which asks it too. @default nobody else does */
    readonly demandReader?: string;
  };
  readonly jobEgress: readonly JobEgress[];
  /** @default jobs call nobody but the pool and the places of `jobEgress` */
  readonly dask?: DaskFlows;
}

const EXECUTE: Member = { role: 'execute' };
const ACCESS_POINTS: Member = { role: 'access-point' };

/**
 * The flows of a pool, all on the one shared port. Everybody reports to the collector; the negotiator calls access
 * points; these call workers to start jobs, and workers call back with what the jobs have done.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/networking.html
 */
export function flowPolicies(props: NetworkPoliciesProps): k8s.KubeNetworkPolicyProps[] {
  const { cluster, exporter } = props;
  const dns = toDns(cluster);
  const daemons = (...roles: readonly Role[]) => ({ to: roles.map(pods), ports: [tcp(PORT)] });
  const fromDaemons = (...roles: readonly Role[]) => ({ from: roles.map(pods), ports: [tcp(PORT)] });
  const readers: readonly Role[] = exporter ? ['exporter'] : [];
  return [
    policy(
      CENTRAL_MANAGER,
      // Its own probe comes back through its Service.
      [
        fromDaemons('central-manager', 'access-point', 'execute', ...readers),
        ...fromOutside(props, props.collectorPort),
      ],
      [
        dns,
        daemons('central-manager', 'access-point'),
        ...(props.collectorPort ? toIssuers(props.issuers) : []),
      ],
    ),
    policy(
      ACCESS_POINTS,
      [
        fromDaemons('central-manager', 'access-point', 'execute', ...readers),
        ...(props.notebooks === undefined
          ? []
          : [{ from: [{ namespaceSelector: namespaceNamed(props.notebooks) }], ports: [tcp(PORT)] }]),
      ],
      [dns, daemons('central-manager', 'access-point', 'execute')],
    ),
    ...props.accessPoints.flatMap(({ name, port }) =>
      port
        ? [
            policy(
              { role: 'access-point', name },
              fromOutside(props, port),
              toIssuers(props.issuers),
              '-external',
            ),
          ]
        : [],
    ),
    policy(
      EXECUTE,
      [fromDaemons('access-point')],
      [dns, daemons('central-manager', 'access-point'), ...toJobData(props.jobEgress)],
    ),
    ...(props.dask ? daskPolicies(props.dask) : []),
    ...(exporter
      ? [
          policy(
            EXPORTER_MEMBER,
            [...fromMonitoring(cluster, EXPORTER.port), ...fromNamespace(exporter.demandReader)],
            [dns, daemons('central-manager', 'access-point')],
          ),
        ]
      : []),
  ];
}

/** One for each group whose image has Dask: jobs of other groups call no notebook. */
function daskPolicies(dask: DaskFlows): k8s.KubeNetworkPolicyProps[] {
  const { notebooks, executePools, scheduler, workers, nannies } = dask;
  const range = ({ from, to }: PortRange) => tcpRange(from, to);
  const members = executePools.map((name): Member => ({ role: 'execute', name }));
  const peers = members.map((member) => podsOf({ namespace: namespaceOf(member), labels: selector(member) }));
  return members.map((member) =>
    policy(
      member,
      [
        { from: [podsOf(notebooks)], ports: [range(workers), range(nannies)] },
        { from: peers, ports: [range(workers)] },
      ],
      [
        { to: [podsOf(notebooks)], ports: [tcp(scheduler)] },
        { to: peers, ports: [range(workers)] },
      ],
      '-dask',
    ),
  );
}

function fromNamespace(name: string | undefined): k8s.NetworkPolicyIngressRule[] {
  return name === undefined
    ? []
    : [{ from: [{ namespaceSelector: namespaceNamed(name) }], ports: [tcp(EXPORTER.port)] }];
}

function pods(role: Role): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector: namespaceNamed(namespaceOf({ role })),
    podSelector: { matchLabels: selector({ role }) },
  };
}

function fromOutside(
  { nodeCidrs }: Pick<NetworkPoliciesProps, 'nodeCidrs'>,
  outside: OutsidePort | undefined,
): k8s.NetworkPolicyIngressRule[] {
  if (!outside) return [];
  const networks = outside.allowFrom ?? ['0.0.0.0/0', '::/0', ...nodeCidrs];
  return [{ from: networks.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(PORT)] }];
}

/** Keys of issuers. Whatever server a token names is asked, so only the ports of the site's own issuers are open. */
function toIssuers(issuers: readonly TokenIssuer[]): k8s.NetworkPolicyEgressRule[] {
  const everywhere = issuers.filter(({ networks }) => networks === undefined).map(portOf);
  return [
    ...(everywhere.length > 0
      ? [{ to: publicAnd([]), ports: [...new Set(everywhere)].sort((a, b) => a - b).map(tcp) }]
      : []),
    ...issuers.flatMap((issuer) =>
      issuer.networks
        ? [{ to: issuer.networks.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(portOf(issuer))] }]
        : [],
    ),
  ];
}

function portOf({ url }: TokenIssuer): number {
  return Number(/^https:\/\/[^/:]+:(\d+)/.exec(url)?.[1] ?? 443);
}

/** An empty list of peers or ports would open everything. */
function toJobData(places: readonly JobEgress[]): k8s.NetworkPolicyEgressRule[] {
  return places
    .filter(({ cidrs, ports }) => cidrs.length > 0 && ports.length > 0)
    .map(({ cidrs, ports }) => ({
      to: cidrs.flatMap((cidr) => (cidr === '0.0.0.0/0' ? publicAnd([]) : [{ ipBlock: { cidr } }])),
      ports: ports.map(tcp),
    }));
}

function policy(
  member: Member,
  ingress: k8s.NetworkPolicyIngressRule[],
  egress: k8s.NetworkPolicyEgressRule[],
  suffix = '',
): k8s.KubeNetworkPolicyProps {
  return {
    metadata: metadata(member, suffix),
    spec: {
      podSelector: { matchLabels: selector(member) },
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length > 0 ? { ingress } : {}),
      egress,
    },
  };
}
