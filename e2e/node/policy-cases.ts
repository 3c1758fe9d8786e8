/**
 * Cases from the specification of NetworkPolicies, each with the flows that it closes or leaves: they judge the engine of
 * real nodes, and know nothing of it. Namespace `x` (team: x) has `server`, `friend`, `stranger`; `y` (team: y) has
 * `friend`, `stranger`. `server` calls its port 8080 `web`.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface PolicyCase {
  readonly says: string;
  readonly policies: readonly object[];
  /** Flows that do not pass, `from > to:port`; all others of {@link FLOWS} do. */
  readonly closed: readonly string[];
}

const SOURCES = ['x/friend', 'x/stranger', 'y/friend', 'y/stranger'] as const;

/** All flows that every case looks at. */
export const FLOWS: readonly string[] = [
  ...SOURCES.flatMap((from) => [8080, 8081, 8090].map((port) => `${from} > x/server:${String(port)}`)),
  ...SOURCES.map((from) => `${from} > x/server:8080/UDP`),
  ...['x/friend', 'x/stranger', 'y/friend', 'y/stranger'].map((to) => `x/server > ${to}:8080`),
  'x/friend > x/stranger:8080',
  'y/friend > y/stranger:8080',
];

const toServer = FLOWS.filter((flow) => flow.includes('> x/server:'));
const fromServer = FLOWS.filter((flow) => flow.startsWith('x/server >'));
const but = (all: readonly string[], open: (flow: string) => boolean) => all.filter((flow) => !open(flow));
const from =
  (...sources: readonly string[]) =>
  (flow: string) =>
    sources.some((each) => flow.startsWith(`${each} >`));
const to =
  (...ends: readonly string[]) =>
  (flow: string) =>
    ends.some((end) => flow.endsWith(end));

const SERVER = { matchLabels: { app: 'server' } };
const FRIEND = { podSelector: { matchLabels: { app: 'friend' } } };
const Y = { namespaceSelector: { matchLabels: { team: 'y' } } };

let count = 0;
function policy(spec: object): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'x', name: `case-${String(count++)}` },
    spec: { podSelector: SERVER, ...spec },
  };
}
const ingress = (...rules: readonly object[]) => policy({ policyTypes: ['Ingress'], ingress: rules });
const egress = (...rules: readonly object[]) => policy({ policyTypes: ['Egress'], egress: rules });

/** @param addresses of the pods, by their names */
export function policyCases(addresses: Readonly<Record<string, string>>): readonly PolicyCase[] {
  const own = (name: string) => addresses[name] ?? '';
  return [
    { says: 'without a policy everything passes', policies: [], closed: [] },
    {
      says: 'a policy without rules closes the direction that it names, and only that',
      policies: [ingress()],
      closed: toServer,
    },
    { says: 'egress is closed by itself as well', policies: [egress()], closed: fromServer },
    {
      says: 'both directions of all pods of a namespace, and of no other',
      policies: [policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })],
      closed: FLOWS.filter((flow) => flow.includes('x/')),
    },
    { says: 'an empty rule lets everything in', policies: [ingress(), ingress({})], closed: [] },
    {
      says: 'a policy without types closes ingress, and egress only where it has rules for it',
      policies: [policy({ ingress: [{ from: [FRIEND] }] })],
      closed: but(toServer, from('x/friend')),
    },
    {
      says: 'a pod selector means pods of the own namespace',
      policies: [ingress({ from: [FRIEND] })],
      closed: but(toServer, from('x/friend')),
    },
    {
      says: 'a namespace selector means all pods of those namespaces',
      policies: [ingress({ from: [Y] })],
      closed: but(toServer, from('y/friend', 'y/stranger')),
    },
    {
      says: 'both selectors in one peer mean both at once',
      policies: [ingress({ from: [{ ...FRIEND, ...Y }] })],
      closed: but(toServer, from('y/friend')),
    },
    {
      says: 'both selectors in two peers mean either',
      policies: [ingress({ from: [FRIEND, Y] })],
      closed: but(toServer, from('x/friend', 'y/friend', 'y/stranger')),
    },
    {
      says: 'an empty namespace selector means every namespace',
      policies: [ingress({ from: [{ ...FRIEND, namespaceSelector: {} }] })],
      closed: but(toServer, from('x/friend', 'y/friend')),
    },
    {
      says: 'expressions select by absence and by another value',
      policies: [
        ingress({
          from: [
            {
              namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['y'] }] },
              podSelector: {
                matchExpressions: [{ key: 'app', operator: 'In', values: ['friend', 'server'] }],
              },
            },
            {
              namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
              podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
            },
          ],
        }),
      ],
      closed: but(toServer, from('x/friend')),
    },
    {
      says: 'a block of addresses lets in what is in it and not excepted',
      policies: [
        ingress({
          from: [
            { ipBlock: { cidr: '10.0.0.0/8', except: [`${own('y/friend')}/32`, `${own('x/stranger')}/32`] } },
          ],
        }),
      ],
      closed: but(toServer, from('x/friend', 'y/stranger')),
    },
    {
      says: 'a port is one port of one protocol',
      policies: [ingress({ ports: [{ port: 8080 }] })],
      closed: but(toServer, to(':8080')),
    },
    {
      says: 'UDP is another protocol',
      policies: [ingress({ ports: [{ port: 8080, protocol: 'UDP' }] })],
      closed: but(toServer, to('/UDP')),
    },
    {
      says: 'a range of ports ends with its last one',
      policies: [ingress({ ports: [{ port: 8080, endPort: 8081 }] })],
      closed: but(toServer, to(':8080', ':8081')),
    },
    {
      says: 'a named port is the one that the pod calls so',
      policies: [ingress({ ports: [{ port: 'web' }] })],
      closed: but(toServer, to(':8080')),
    },
    {
      says: 'a name that no port has lets nothing in',
      policies: [ingress({ ports: [{ port: 'nobody' }] })],
      closed: toServer,
    },
    {
      says: 'a protocol without a port means all its ports',
      policies: [ingress({ ports: [{ protocol: 'UDP' }] })],
      closed: but(toServer, to('/UDP')),
    },
    {
      says: 'peers and ports of one rule must both fit',
      policies: [ingress({ from: [FRIEND], ports: [{ port: 8080 }] })],
      closed: but(toServer, (flow) => from('x/friend')(flow) && to(':8080')(flow)),
    },
    {
      says: 'rules and policies add up',
      policies: [
        ingress({ from: [FRIEND], ports: [{ port: 8080 }] }, { from: [Y], ports: [{ port: 8081 }] }),
        ingress({ ports: [{ port: 8090 }] }),
      ],
      closed: but(
        toServer,
        (flow) =>
          (from('x/friend')(flow) && to(':8080')(flow)) ||
          (from('y/friend', 'y/stranger')(flow) && to(':8081')(flow)) ||
          to(':8090')(flow),
      ),
    },
    {
      says: 'egress names who is reached, and at which port',
      policies: [egress({ to: [FRIEND, { ...FRIEND, ...Y }], ports: [{ port: 8080 }] })],
      closed: but(fromServer, to('x/friend:8080', 'y/friend:8080')),
    },
    {
      says: 'egress to a block of addresses',
      policies: [egress({ to: [{ ipBlock: { cidr: `${own('y/stranger')}/32` } }] })],
      closed: but(fromServer, to('y/stranger:8080')),
    },
    {
      says: 'egress to a named port is to those that have it',
      policies: [egress({ ports: [{ port: 'web' }] })],
      closed: fromServer,
    },
    {
      says: 'both ends must agree',
      policies: [
        egress({ to: [FRIEND] }),
        policy({ podSelector: { matchLabels: { app: 'friend' } }, policyTypes: ['Ingress'], ingress: [] }),
      ],
      closed: fromServer,
    },
  ];
}
