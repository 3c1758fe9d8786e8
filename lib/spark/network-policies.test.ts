import { isOpen, type End } from '../kubernetes/flows';
import { openPod } from '../kubernetes/flows.fixture';
import { EXPERIMENT_LABEL } from './metadata';
import { ALL } from './spark.fixture';

const policies = ALL.filter(({ kind }) => kind === 'NetworkPolicy');

const notebook = (experiment?: string): End => ({
  namespace: 'jupyterhub-users',
  labels: {
    component: 'singleuser-server',
    ...(experiment === undefined ? {} : { [EXPERIMENT_LABEL]: experiment }),
  },
});
const executor = (experiment: string): End => ({
  namespace: `spark-${experiment}`,
  labels: { 'spark-role': 'executor' },
});

const ENDS: Readonly<Record<string, End>> = {
  notebook: notebook('cms'),
  'plain notebook': notebook(),
  'notebook of vo2': notebook('vo2'),
  executor: executor('cms'),
  'executor of vo2': executor('vo2'),
  'other pod of the namespace': { namespace: 'spark-cms', labels: { app: 'miner' } },
  DNS: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  'API server': { address: '192.0.2.11' },
  internet: { address: '203.0.113.9' },
  squid: { address: '10.30.0.5' },
  metadata: { address: '169.254.169.254' },
  'own pod network': { address: '10.244.9.9' },
};

function open(from: string, to: string, port: number): boolean {
  const [source, target] = [ENDS[from], ENDS[to]];
  if (!source || !target) throw new Error(`${from} or ${to} is no end`);
  const others = ENDS['DNS'] && 'namespace' in ENDS['DNS'] ? [openPod(ENDS['DNS'])] : [];
  return isOpen([...policies, ...others], source, target, { number: port });
}

test.each([
  ['notebook', 'API server', 6443],
  ['notebook', 'executor', 7079],
  ['executor', 'notebook', 7078],
  ['executor', 'notebook', 7094],
  ['executor', 'executor', 7079],
  ['executor', 'DNS', 53],
  ['executor', 'internet', 1094],
  ['executor', 'squid', 3128],
  ['executor of vo2', 'notebook of vo2', 7078],
])('%s reaches %s at %d', (from, to, port) => {
  expect(open(from, to, port)).toBe(true);
});

test.each([
  ['plain notebook', 'API server', 6443],
  ['plain notebook', 'executor', 7079],
  ['notebook', 'notebook', 7078],
  ['notebook', 'executor', 22],
  ['notebook', 'executor of vo2', 7079],
  ['notebook of vo2', 'executor', 7079],
  ['executor', 'notebook of vo2', 7078],
  ['executor', 'plain notebook', 7078],
  ['executor', 'notebook', 7095],
  ['executor', 'notebook', 8888],
  ['executor', 'executor of vo2', 7079],
  ['executor', 'API server', 6443],
  ['executor', 'API server', 1094],
  ['executor', 'internet', 443],
  ['executor', 'metadata', 1094],
  ['executor', 'own pod network', 1094],
  ['executor of vo2', 'internet', 1094],
  ['other pod of the namespace', 'notebook', 7078],
  ['other pod of the namespace', 'executor', 7079],
  ['other pod of the namespace', 'internet', 1094],
  ['other pod of the namespace', 'DNS', 53],
])('%s does not reach %s at %d', (from, to, port) => {
  expect(open(from, to, port)).toBe(false);
});
