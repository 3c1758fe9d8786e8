import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSite } from '../../lib/site/parse';
import type { Site } from '../../lib/site/schema';
import { address, planNetwork } from './network';
import { planNodes, SIMULATED_TAINT } from './node-plan';

function read(name: string): Site {
  const file = `sites/${name}/site.yaml`;
  const bytes = readFileSync(path.join(__dirname, '..', '..', file));
  const parsed = parseSite({ file, folder: name, bytes });
  if ('site' in parsed) return parsed.site;
  throw new Error(`${file} has mistakes`);
}

const perugia = read('infn-perugia');
const experiments = read('two-experiments');

test('each pool of a small site is one real node with the labels of the pool', () => {
  const { real, simulated } = planNodes(perugia.nodePools);
  expect(real.map(({ name, labels }) => [name, labels])).toEqual([
    ['ccb-1', { condor: 'ccb' }],
    ['schedd-1', { condor: 'schedd' }],
    ['workers-1', { 'analysis-facility/pool': 'workers' }],
  ]);
  expect(simulated).toEqual([]);
});

test('with more pools than machines those without taints are real, and the rest is simulated', () => {
  const { real, simulated } = planNodes(experiments.nodePools);
  expect(real.map(({ name }) => name)).toEqual(['core-1', 'cpu-1', 'gpu-a100-1']);
  expect(real[2]).toMatchObject({
    labels: { 'analysis-facility/pool': 'gpu-a100', 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-40GB' },
    taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
    devices: { 'nvidia.com/mig-1g.5gb': '14', 'nvidia.com/mig-7g.40gb': '2' },
  });
  expect(simulated).toMatchObject([{ metadata: { name: 'gpu-t4-1' } }]);
});

test('a pool that is wanted is real, and no pod seems to run on a simulated node that it did not ask for', () => {
  const { real, simulated } = planNodes(experiments.nodePools, ['gpu-t4', 'gpu-a100', 'core']);
  expect(real.map(({ name }) => name).sort()).toEqual(['core-1', 'gpu-a100-1', 'gpu-t4-1']);
  expect(simulated).toHaveLength(6);
  for (const node of simulated) expect(node).toMatchObject({ spec: { taints: [SIMULATED_TAINT] } });
});

test('a pool that the site does not have is named', () => {
  expect(() => planNodes(perugia.nodePools, ['cbb'])).toThrow('the site has no pool cbb');
});

test('every address of a site has its own place', () => {
  const network = planNetwork(experiments, ['core-1', 'cpu-1', 'gpu-a100-1']);
  expect(network).toMatchObject({
    apiServer: ['198.51.100.11', '198.51.100.12', '198.51.100.13'],
    port: 6443,
    gateway: '198.51.100.62',
    serviceNetwork: '10.96.0.0/12',
    dns: '10.96.0.10',
  });
  expect(network.nodes.map(({ address: own, pods }) => [own, pods])).toEqual([
    ['198.51.100.21', '10.244.1.0/24'],
    ['198.51.100.22', '10.244.2.0/24'],
    ['198.51.100.23', '10.244.3.0/24'],
  ]);
});

test.each([
  ['10.96.0.0/12', 10, '10.96.0.10'],
  ['10.244.0.0/16', 768, '10.244.3.0'],
  ['192.0.2.0/26', 62, '192.0.2.62'],
])('address %#: the one of %s with the number %d is %s', (network, n, own) => {
  expect(address(network, n)).toBe(own);
});
