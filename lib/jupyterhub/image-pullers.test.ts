import { at, listAt } from '../kubernetes/read';
import { ImagePullers, type ImagePullersProps } from './image-pullers';
import { CPU_NODES, GPU_NODES, objectsOf } from './jupyterhub.fixture';

const PROPS: Required<ImagePullersProps> = {
  pools: [
    { pool: 'cpu', nodes: CPU_NODES, images: ['registry.example.org/af/lab:1.2.3'] },
    {
      pool: 'gpu',
      nodes: GPU_NODES,
      images: ['registry.example.org/af/lab-cuda:1.2.3', 'registry.example.org/af/lab:1.2.3'],
    },
  ],
  imagePullSecrets: ['registry'],
};
const sets = objectsOf((scope) => new ImagePullers(scope, 'pullers', PROPS)).filter(
  ({ kind }) => kind === 'DaemonSet',
);
const pod = (index: number) => at(sets[index], 'spec', 'template', 'spec');

test('each pool has a puller on its nodes only, with its taints and its images', () => {
  expect(sets.map(({ metadata }) => metadata.name)).toEqual(['image-puller-cpu', 'image-puller-gpu']);
  expect(at(pod(0), 'nodeSelector')).toEqual(CPU_NODES.labels);
  expect(at(pod(0), 'tolerations')).toEqual([]);
  expect(at(pod(1), 'nodeSelector')).toEqual(GPU_NODES.labels);
  expect(listAt(pod(1), 'tolerations').map(({ key }) => key)).toEqual(['nvidia.com/gpu', 'reserved']);
  expect(listAt(pod(1), 'initContainers').map(({ image }) => image)).toEqual(PROPS.pools[1]?.images);
});

test('its pods have no rights in the cluster and the credentials of the registry', () => {
  for (const index of [0, 1]) {
    expect(at(pod(index), 'automountServiceAccountToken')).toBe(false);
    expect(at(pod(index), 'imagePullSecrets')).toEqual([{ name: 'registry' }]);
  }
});
