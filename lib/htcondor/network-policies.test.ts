import type { k8s } from 'cdk8s-plus-27';
import { isOpen, type End } from '../kubernetes/flows';
import { openPod } from '../kubernetes/flows.fixture';
import { labelsAt } from '../kubernetes/read';
import { cms, everything as pool, named, nodePort, synthesise, vo2 } from './htcondor.fixture';
import { flowPolicies, type NetworkPoliciesProps } from './network-policies';

const everything: Required<NetworkPoliciesProps> = {
  cluster: {
    apiServer: { cidrs: ['192.0.2.10/32'], port: 6443 },
    dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } },
    monitoringNamespace: 'monitoring',
  },
  nodeCidrs: ['192.0.2.0/24'],
  issuers: [...cms.issuers, ...vo2.issuers],
  collectorPort: nodePort(30_618),
  accessPoints: [
    { name: 'ap1', port: { ...nodePort(31_618), allowFrom: ['203.0.113.0/24'] } },
    { name: 'ap2', port: nodePort(31_619) },
    { name: 'ap3' },
  ],
  notebooks: 'jupyterhub-users',
  exporter: { demandReader: 'keda' },
  jobEgress: [
    { cidrs: ['198.51.100.128/26'], ports: [1094] },
    { cidrs: ['0.0.0.0/0'], ports: [443] },
    { cidrs: [], ports: [8080] },
  ],
  dask: {
    notebooks: { namespace: 'jupyterhub-users', labels: { component: 'singleuser-server' } },
    executePools: ['cpu', 'large'],
    scheduler: 8786,
    workers: { from: 10_000, to: 10_099 },
    nannies: { from: 10_100, to: 10_199 },
  },
};
const { collectorPort: _port, notebooks: _notebooks, exporter: _exporter, dask: _dask, ...rest } = everything;
const closed: NetworkPoliciesProps = { ...rest, accessPoints: [{ name: 'ap1' }], jobEgress: [] };

function spec(props: NetworkPoliciesProps, name: string): k8s.NetworkPolicySpec {
  const found = flowPolicies(props).filter(({ metadata }) => metadata?.name === name);
  expect(found).toHaveLength(1);
  return found[0]?.spec ?? { podSelector: {} };
}

const roles = (peers: readonly k8s.NetworkPolicyPeer[] = []) =>
  peers.flatMap(({ podSelector }) => podSelector?.matchLabels?.['app.kubernetes.io/component'] ?? []);
const cidrs = (peers: readonly k8s.NetworkPolicyPeer[] = []) =>
  peers.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []);
const from = ({ ingress = [] }: k8s.NetworkPolicySpec) => ingress.flatMap((rule) => rule.from ?? []);
const to = ({ egress = [] }: k8s.NetworkPolicySpec) => egress.flatMap((rule) => rule.to ?? []);
const ports = (rules: readonly { ports?: k8s.NetworkPolicyPort[] }[] = []) =>
  rules.flatMap((rule) => (rule.ports ?? []).map(({ port }) => port?.value));

test('everybody reports to the central manager, which calls access points and nobody else', () => {
  const policy = spec(closed, 'central-manager');
  expect(roles(from(policy))).toEqual(['central-manager', 'access-point', 'execute']);
  expect(roles(to(policy)).filter((role) => role !== 'central-manager')).toEqual(['access-point']);
  expect(cidrs([...from(policy), ...to(policy)])).toEqual([]);
});

test('the exporter asks the collector and the queues, and is asked by the monitoring and by KEDA', () => {
  const policy = spec(everything, 'exporter');
  const asking = (policy.ingress ?? []).map((rule) => [
    (rule.from ?? []).map(
      ({ namespaceSelector }) => namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'],
    ),
    ports([rule]),
  ]);
  expect(asking).toEqual([
    [['monitoring'], [8080]],
    [['keda'], [8080]],
  ]);
  expect(roles(to(policy))).toEqual(['central-manager', 'access-point']);
  expect(ports(policy.egress)).toEqual([53, 53, 9618]);
  for (const name of ['central-manager', 'access-point'])
    expect(roles(from(spec(everything, name)))).toContain('exporter');
  expect(flowPolicies(closed).map(({ metadata }) => metadata?.name)).not.toContain('exporter');
  expect(JSON.stringify(flowPolicies(closed))).not.toContain('exporter');
});

test('where nobody scrapes, only KEDA asks the exporter', () => {
  const { monitoringNamespace: _, ...cluster } = everything.cluster;
  const policy = spec({ ...everything, cluster }, 'exporter');
  expect(JSON.stringify(policy.ingress)).toContain('keda');
  expect(policy.ingress).toHaveLength(1);
});

test('workers are called by access points alone', () => {
  expect(roles(from(spec(everything, 'execute')))).toEqual(['access-point']);
});

test('jobs reach the pool and the places that the site names', () => {
  const policy = spec(everything, 'execute');
  expect(roles(to(policy))).toEqual(['central-manager', 'access-point']);
  expect(cidrs(to(policy))).toEqual(['198.51.100.128/26', '0.0.0.0/0', '::/0']);
  expect(ports(policy.egress)).toEqual([53, 53, 9618, 1094, 443]);
  expect(cidrs(to(spec(closed, 'execute')))).toEqual([]);
});

test('public addresses never include the metadata service of a cloud or a private network', () => {
  for (const { spec: policy } of flowPolicies(everything))
    for (const peer of to(policy ?? { podSelector: {} }))
      if (peer.ipBlock?.cidr === '0.0.0.0/0')
        expect(peer.ipBlock.except).toEqual(expect.arrayContaining(['169.254.0.0/16', '10.0.0.0/8']));
});

test('an access point outside reaches the servers of its issuers, each at its own port', () => {
  const policy = spec(everything, 'access-point-ap2-external');
  expect(policy.egress?.map((rule) => [cidrs(rule.to), ports([rule])])).toEqual([
    [['0.0.0.0/0', '::/0'], [443]],
    [['198.51.100.64/28'], [8443]],
  ]);
  expect(flowPolicies(everything).map(({ metadata }) => metadata?.name)).not.toContain(
    'access-point-ap3-external',
  );
});

test('clients come from the networks that are named, or through any node', () => {
  expect(cidrs(from(spec(everything, 'access-point-ap1-external')))).toEqual(['203.0.113.0/24']);
  expect(cidrs(from(spec(everything, 'access-point-ap2-external')))).toEqual([
    '0.0.0.0/0',
    '::/0',
    '192.0.2.0/24',
  ]);
  expect(cidrs(from(spec(everything, 'central-manager')))).toContain('0.0.0.0/0');
  expect(spec(everything, 'access-point-ap1-external').podSelector.matchLabels).toMatchObject({
    'analysis-facility/access-point': 'ap1',
  });
});

test('notebooks reach access points, where there are any', () => {
  const namespaces = (props: NetworkPoliciesProps) =>
    from(spec(props, 'access-point')).flatMap(
      ({ namespaceSelector }) => namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] ?? [],
    );
  expect(namespaces(everything)).toContain('jupyterhub-users');
  expect(namespaces(closed)).not.toContain('jupyterhub-users');
});

test('jobs of the groups with Dask are called by notebooks and by each other, and call the schedulers in notebooks', () => {
  const { ingress = [], egress = [], podSelector } = spec(everything, 'execute-cpu-dask');
  expect(podSelector.matchLabels).toMatchObject({ 'analysis-facility/execute-pool': 'cpu' });
  const flows = (rules: readonly { ports?: k8s.NetworkPolicyPort[] }[]) =>
    rules.map(({ ports: all = [] }) =>
      all.map(({ port, endPort }) => `${String(port?.value)}-${String(endPort)}`),
    );
  expect(flows(ingress)).toEqual([['10000-10099', '10100-10199'], ['10000-10099']]);
  expect(flows(egress)).toEqual([['8786-undefined'], ['10000-10099']]);
  const [fromNotebook, fromWorkers] = ingress.map((rule) => rule.from ?? []);
  expect(fromNotebook).toEqual(egress[0]?.to);
  expect(fromNotebook?.[0]?.podSelector?.matchLabels).toEqual({ component: 'singleuser-server' });
  expect(
    fromWorkers?.map(({ podSelector: pods }) => pods?.matchLabels?.['analysis-facility/execute-pool']),
  ).toEqual(['cpu', 'large']);
});

test('without Dask notebooks and jobs never meet', () => {
  expect(JSON.stringify(flowPolicies(closed))).not.toMatch(/singleuser-server|8786|10000/);
});

test('no rule is without a peer or a port, which would open everything', () => {
  for (const { spec: policy } of [...flowPolicies(everything), ...flowPolicies(closed)]) {
    expect(policy?.policyTypes).toEqual(['Ingress', 'Egress']);
    for (const rule of policy?.ingress ?? []) {
      expect(rule.from?.length).toBeGreaterThan(0);
      expect(rule.ports?.length).toBeGreaterThan(0);
    }
    for (const rule of policy?.egress ?? []) {
      expect(rule.to?.length).toBeGreaterThan(0);
      expect(rule.ports?.length).toBeGreaterThan(0);
    }
  }
});

describe('of all flows', () => {
  const objects = synthesise(pool);
  /** A pod with the labels of its workload. */
  const of = (kind: string, namespace: string, name: string) => ({
    namespace,
    labels: labelsAt(
      named(objects, `${kind} ${namespace}/${name}`),
      'spec',
      'template',
      'metadata',
      'labels',
    ),
  });
  const strangers = {
    notebook: { namespace: 'jupyterhub-users', labels: { component: 'singleuser-server' } },
    'pod beside the queue': { namespace: 'htcondor', labels: { app: 'another' } },
    'pod beside the workers': { namespace: 'htcondor-execute', labels: { app: 'another' } },
    'pod elsewhere': {
      namespace: 'default',
      labels: of('StatefulSet', 'htcondor', 'access-point-ap1').labels,
    },
  };
  const ends: Readonly<Record<string, End>> = {
    'central manager': of('StatefulSet', 'htcondor', 'central-manager'),
    // The first is open to one network, the second to nobody outside.
    ap1: of('StatefulSet', 'htcondor', 'access-point-ap1'),
    ap2: of('StatefulSet', 'htcondor', 'access-point-ap2'),
    worker: of('Deployment', 'htcondor-execute', 'execute-cpu'),
    ...strangers,
    client: { address: '203.0.113.9' },
    internet: { address: '198.51.99.9' },
    issuer: { address: '198.51.100.65' },
    storage: { address: '198.51.100.130' },
    metadata: { address: '169.254.169.254' },
    'private address': { address: '10.1.2.3' },
  };
  const policies = [
    ...objects.filter(({ kind }) => kind === 'NetworkPolicy'),
    ...Object.values(strangers).map(openPod),
  ];
  const open = (from: string, to: string, number: number) => {
    const [source, target] = [ends[from], ends[to]];
    if (!source || !target) throw new Error(`${from} or ${to} is no end`);
    return isOpen(policies, source, target, { number, name: number === 9618 ? 'condor' : 'other' });
  };
  const others = (name: string) => Object.keys(ends).filter((each) => each !== name);

  test.each([
    ['central manager', ['ap1', 'ap2', 'worker', 'client', 'internet']],
    ['ap1', ['central manager', 'ap2', 'worker', 'notebook', 'client']],
    ['ap2', ['central manager', 'ap1', 'worker', 'notebook']],
    ['worker', ['ap1', 'ap2']],
  ])('%s is called by %j and nobody else, at the one port', (name, callers) => {
    const pods = others(name).filter(
      (each) => !['issuer', 'storage', 'metadata', 'private address'].includes(each),
    );
    expect(pods.filter((from) => open(from, name, 9618))).toEqual(callers);
    expect(pods.filter((from) => open(from, name, 22))).toEqual([]);
  });

  test.each([
    ['central manager', ['client:443', 'internet:443', 'issuer:443', 'issuer:8443', 'storage:443']],
    ['ap1', ['client:443', 'internet:443', 'issuer:443', 'issuer:8443', 'storage:443']],
    ['ap2', []],
    ['worker', ['client:443', 'internet:443', 'issuer:443', 'storage:443', 'storage:1094']],
  ])('%s reaches %j of the world outside', (name, reached) => {
    const outside = ['client', 'internet', 'issuer', 'storage', 'metadata', 'private address'];
    const tried = outside.flatMap((to) => [22, 443, 1094, 8443, 9618].map((port) => [to, port] as const));
    expect(tried.filter(([to, port]) => open(name, to, port)).map((each) => each.join(':'))).toEqual(reached);
  });
});
