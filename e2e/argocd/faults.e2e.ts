import type { KubernetesObject } from '../../lib/kubernetes/object';
import { pending, placement } from '../suite/placement';
import { moved } from './applications';

/** What the suite asserts of placement and of quiet, on clusters with one mistake each. */
const TAINT = { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' };
const node = (name: string, pool: string, gpus: number) => ({
  metadata: { name, labels: { pool } },
  spec: gpus > 0 ? { taints: [TAINT] } : {},
  status: { allocatable: gpus > 0 ? { 'nvidia.com/gpu': String(gpus) } : {} },
});
const NODES = [node('core-1', 'core', 0), node('gpu-1', 'gpu', 4)];

function workload(spec: object, gpus = 0, kind = 'Deployment'): KubernetesObject {
  const resources = gpus > 0 ? { limits: { 'nvidia.com/gpu': String(gpus) } } : {};
  const template = {
    metadata: { labels: { app: 'a' } },
    spec: { ...spec, containers: [{ name: 'a', image: 'example.org/a:1.0.0', resources }] },
  };
  return { apiVersion: 'apps/v1', kind, metadata: { name: 'a', namespace: 'ns' }, spec: { template } };
}

const podOn = (nodeName: string) => ({
  kind: 'Pod',
  metadata: { name: 'a-1', namespace: 'ns', labels: { app: 'a', hash: '1' } },
  spec: { nodeName },
  status: { phase: 'Running' },
});
const TOLERANT = { tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }] };

test.each<[string, KubernetesObject, string, string[]]>([
  [
    'a pod outside of its pool',
    workload({ nodeSelector: { pool: 'storage' } }),
    'core-1',
    ['Deployment ns/a: pod a-1 runs on core-1, which is not pool=storage'],
  ],
  [
    'a missing toleration',
    workload({ nodeSelector: { pool: 'gpu' } }, 1),
    'gpu-1',
    ['Deployment ns/a: pod a-1 runs on gpu-1 and does not tolerate its taint nvidia.com/gpu'],
  ],
  [
    'a GPU pod where no GPU is',
    workload({}, 1),
    'core-1',
    ['Deployment ns/a: pod a-1 asks for GPUs and runs on core-1, which has none'],
  ],
  [
    'a pod without GPUs on a GPU node',
    workload(TOLERANT),
    'gpu-1',
    ['Deployment ns/a: pod a-1 asks for no GPU and runs on gpu-1, which is for those that do'],
  ],
  [
    'nothing: a GPU pod at its place',
    workload({ ...TOLERANT, nodeSelector: { pool: 'gpu' } }, 1),
    'gpu-1',
    [],
  ],
  ['nothing: an agent of every node', workload(TOLERANT, 0, 'DaemonSet'), 'gpu-1', []],
])('placement finds %s', (_, object, where, objections) => {
  expect(placement([object], [podOn(where)], NODES)).toEqual({ looked: 1, objections });
});

test('a pod that waits is named with the reason of the scheduler', () => {
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    message: '0/2 nodes are available: 2 Insufficient cpu.',
  };
  const waits = { ...podOn(''), status: { phase: 'Pending', conditions: [condition] } };
  expect(pending([waits])).toEqual(['Pod ns/a-1 waits: 0/2 nodes are available: 2 Insufficient cpu.']);
  expect(placement([workload({})], [waits], NODES).objections).toEqual([
    'Deployment ns/a: pod a-1 waits: 0/2 nodes are available: 2 Insufficient cpu.',
  ]);
});

test('an object that is written, gone or new has moved', () => {
  const before = new Map([
    ['ConfigMap ns/same', '1'],
    ['ConfigMap ns/written', '1'],
    ['ConfigMap ns/gone', '1'],
  ]);
  const after = new Map([
    ['ConfigMap ns/same', '1'],
    ['ConfigMap ns/written', '2'],
    ['ConfigMap ns/new', '1'],
  ]);
  expect(moved(before, after)).toEqual(['ConfigMap ns/gone', 'ConfigMap ns/new', 'ConfigMap ns/written']);
});
