import { isOpen, type End, type Port } from '../kubernetes/flows';
import { openPod } from '../kubernetes/flows.fixture';
import { labelsAt } from '../kubernetes/read';
import { JupyterHub } from './jupyterhub';
import { objectsOf, POOL, PROPS } from './jupyterhub.fixture';
import { hubConfiguration } from './configuration';

const all = objectsOf((scope) => new JupyterHub(scope, 'hub', PROPS));
const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');

/** Labels as the pods have them: of the templates, and of what KubeSpawner is told. */
const deployed = (name: string): End => {
  const deployment = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
  return { namespace: 'jupyterhub', labels: labelsAt(deployment, 'spec', 'template', 'metadata', 'labels') };
};
const spawner = hubConfiguration(PROPS.hub.configuration).traits['KubeSpawner'];
const notebook: End = {
  namespace: 'jupyterhub-users',
  labels: {
    component: String(spawner?.['component_label']),
    ...labelsAt(spawner, 'common_labels'),
    ...labelsAt(spawner, 'extra_labels'),
  },
};

const ENDS: Readonly<Record<string, End>> = {
  hub: deployed('hub'),
  proxy: deployed('proxy'),
  notebook,
  entrance: { namespace: 'traefik', labels: { app: 'traefik' } },
  neighbour: { namespace: 'jupyterhub', labels: { app: 'something-else' } },
  anotherNeighbour: { namespace: 'jupyterhub-users', labels: { app: 'something-else' } },
  stranger: { namespace: 'default', labels: { component: 'hub', app: 'jupyterhub' } },
  prometheus: { namespace: 'monitoring', labels: { app: 'prometheus' } },
  dns: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  apiServer: { address: '192.0.2.11' },
  internet: { address: '203.0.113.9' },
  internet6: { address: '2001:db8:ffff::1' },
  metadata: { address: '169.254.169.254' },
  metadata6: { address: 'fd00:ec2::254' },
  node: { address: '198.51.100.5' },
  otherPod: { address: '10.244.7.7' },
  otherPod6: { address: '2001:db8:42:0:7::7' },
  xrootd: { address: '10.30.0.5' },
  xrootd6: { address: '2001:db8:44::5' },
  privateIssuer: { address: '10.20.0.5' },
  condor: { namespace: 'htcondor', labels: { app: 'htcondor' } },
  centralManager: { namespace: 'htcondor', labels: { app: 'central-manager' } },
  worker: { namespace: 'htcondor-execute', labels: { pool: 'cpu' } },
  otherWorker: { namespace: 'htcondor-execute', labels: { pool: 'gpu' } },
};

const HTTP: Port = { number: 8081, name: 'http' };
const PROXY: Port = { number: 8000, name: 'http' };
const API: Port = { number: 8001, name: 'api' };
const NOTEBOOK: Port = { number: 8888, name: 'notebook-port' };
const TLS: Port = { number: 443 };
const TOKENS: Port = { number: 8082, name: 'tokens' };

function open(from: string, to: string, port: Port): boolean {
  const [source, target] = [ENDS[from], ENDS[to]];
  if (!source || !target) throw new Error(`${from} or ${to} is no end`);
  // What is of others has policies of its own.
  const others = [
    'dns',
    'entrance',
    'prometheus',
    'stranger',
    'neighbour',
    'anotherNeighbour',
    'condor',
    'worker',
  ];
  const everything = others.flatMap((name) => {
    const end = ENDS[name];
    return end && 'namespace' in end ? [openPod(end)] : [];
  });
  return isOpen([...policies, ...everything], source, target, port);
}

test.each<[string, string, Port]>([
  ['entrance', 'proxy', PROXY],
  ['proxy', 'hub', HTTP],
  ['hub', 'proxy', API],
  ['hub', 'notebook', NOTEBOOK],
  ['proxy', 'notebook', NOTEBOOK],
  ['notebook', 'hub', HTTP],
  ['prometheus', 'hub', HTTP],
  ['hub', 'apiServer', { number: 6443 }],
  ['hub', 'internet', TLS],
  ['hub', 'internet6', TLS],
  ['hub', 'privateIssuer', TLS],
  ['notebook', 'internet', TLS],
  ['notebook', 'internet', { number: 1094 }],
  ['notebook', 'internet6', { number: 1094 }],
  ['notebook', 'xrootd', { number: 1094 }],
  ['notebook', 'xrootd6', { number: 1094 }],
  ['notebook', 'hub', TOKENS],
  ['notebook', 'condor', { number: 9618 }],
  ['notebook', 'worker', { number: 10_000 }],
  ['notebook', 'worker', { number: 10_199 }],
  ['worker', 'notebook', { number: 8786 }],
])('%s reaches %s at %j', (from, to, port) => {
  expect(open(from, to, port)).toBe(true);
});

test.each<[string, string, Port]>([
  ['notebook', 'notebook', NOTEBOOK],
  ['notebook', 'metadata', { number: 80 }],
  ['notebook', 'metadata6', { number: 80 }],
  ['hub', 'metadata', TLS],
  ['notebook', 'proxy', API],
  ['notebook', 'proxy', PROXY],
  ['notebook', 'apiServer', { number: 8443, name: 'https' }],
  ['notebook', 'node', { number: 10_250 }],
  ['notebook', 'otherPod', TLS],
  ['notebook', 'otherPod6', TLS],
  ['notebook', 'xrootd', { number: 22 }],
  ['notebook', 'condor', { number: 22 }],
  ['notebook', 'centralManager', { number: 9618 }],
  ['notebook', 'worker', { number: 9618 }],
  ['notebook', 'worker', { number: 10_200 }],
  ['notebook', 'otherWorker', { number: 10_000 }],
  ['worker', 'notebook', NOTEBOOK],
  ['worker', 'notebook', { number: 8787 }],
  ['worker', 'hub', HTTP],
  ['worker', 'hub', TOKENS],
  ['otherWorker', 'notebook', { number: 8786 }],
  ['notebook', 'notebook', { number: 8786 }],
  ['proxy', 'hub', TOKENS],
  ['prometheus', 'hub', TOKENS],
  ['notebook', 'privateIssuer', TLS],
  ['proxy', 'internet', TLS],
  ['proxy', 'apiServer', { number: 6443 }],
  ['hub', 'internet', { number: 25 }],
  ['hub', 'node', TLS],
  ['hub', 'proxy', PROXY],
  ['entrance', 'hub', HTTP],
  ['entrance', 'proxy', API],
  ['entrance', 'notebook', NOTEBOOK],
  ['neighbour', 'hub', HTTP],
  ['neighbour', 'proxy', API],
  ['neighbour', 'notebook', NOTEBOOK],
  ['anotherNeighbour', 'hub', HTTP],
  ['anotherNeighbour', 'notebook', NOTEBOOK],
  ['hub', 'anotherNeighbour', NOTEBOOK],
  ['proxy', 'anotherNeighbour', NOTEBOOK],
  ['stranger', 'hub', HTTP],
  ['stranger', 'proxy', PROXY],
  ['stranger', 'notebook', NOTEBOOK],
  ['prometheus', 'proxy', API],
])('%s does not reach %s at %j', (from, to, port) => {
  expect(open(from, to, port)).toBe(false);
});

test('at a NodePort no source can be named, so whoever reaches a node reaches the log-in page and nothing behind it', () => {
  const entrance = { kind: 'nodePort', host: 'hub.example.org', port: 30_888 } as const;
  const own = objectsOf((scope) => new JupyterHub(scope, 'hub', { ...PROPS, entrance })).filter(
    ({ kind }) => kind === 'NetworkPolicy',
  );
  const outside = { address: '203.0.113.9' };
  expect(isOpen(own, outside, deployed('proxy'), PROXY)).toBe(true);
  expect(isOpen(own, outside, deployed('proxy'), API)).toBe(false);
  expect(isOpen(own, outside, deployed('hub'), HTTP)).toBe(false);
  expect(isOpen(own, outside, notebook, NOTEBOOK)).toBe(false);
});

test('why the site opens a network to notebooks stands in the policy', () => {
  const policy = policies.find(({ metadata }) => metadata.name === 'singleuser');
  expect(policy?.metadata.annotations).toEqual({
    'analysis-facility/egress-reasons': 'XRootD: 10.30.0.0/24, 2001:db8:44::/64 at 1094',
  });
});

test('without a pool notebooks reach nothing of one', () => {
  const { pool: _, ...configuration } = PROPS.hub.configuration;
  const props = { ...PROPS, hub: { ...PROPS.hub, configuration } };
  const own = objectsOf((scope) => new JupyterHub(scope, 'hub', props));
  expect(JSON.stringify(own)).not.toMatch(/condor|9618|8786|dask/i);
});

test('without Dask nobody calls a notebook but hub and proxy', () => {
  const { dask: _, ...pool } = POOL;
  const props = { ...PROPS, hub: { ...PROPS.hub, configuration: { ...PROPS.hub.configuration, pool } } };
  const own = objectsOf((scope) => new JupyterHub(scope, 'hub', props));
  expect(JSON.stringify(own)).not.toMatch(/8786|10000|dask/i);
  expect(JSON.stringify(own)).toContain('9618');
});

test('without a monitoring namespace nobody scrapes the hub', () => {
  const { apiServer, dns } = PROPS.cluster;
  const own = objectsOf((scope) => new JupyterHub(scope, 'hub', { ...PROPS, cluster: { apiServer, dns } }));
  expect(JSON.stringify(own)).not.toContain('monitoring');
});
