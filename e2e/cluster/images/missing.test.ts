import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { KubernetesObject } from '../../../lib/kubernetes/object';
import { componentsInOrder, objectsOf } from '../../api/dist';
import { fullName, missingImages } from './missing';
import { IMAGES, LAYERS, NOT_RUN } from './table';

const deployment = (image: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'hub' },
  spec: { template: { spec: { containers: [{ name: 'hub', image }] } } },
});
const sites = readdirSync(path.join(__dirname, '..', '..', '..', 'dist'));
const everything = sites.flatMap((site) =>
  componentsInOrder(site).flatMap((component) => objectsOf(site, component)),
);

test('an image that has no stand-in is named', () => {
  const objects = [
    deployment('quay.io/jupyterhub/k8s-hub:4.4.1'),
    deployment('quay.io/jupyterhub/k8s-hub:4.4.0'),
    deployment('htcondor/cm:25.0.13-el9'),
    deployment('docker.io/longhornio/longhorn-manager:v1.12.1'),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'spark' },
      data: {
        'spark-defaults.conf': 'spark.kubernetes.container.image registry.example.org/af/spark:9.9.9\n',
      },
    },
  ];
  expect(missingImages(objects)).toEqual([
    'quay.io/jupyterhub/k8s-hub:4.4.1',
    'registry.example.org/af/spark:9.9.9',
  ]);
});

test('every image of dist has a stand-in, or a reason why it does not run here', () => {
  expect(everything.length).toBeGreaterThan(100);
  expect(missingImages(everything)).toEqual([]);
});

test('every reason is about an image of dist', () => {
  const text = JSON.stringify(everything);
  for (const [pattern] of NOT_RUN) {
    const images = [...text.matchAll(/"image":"([^"]+)"/g)].map(([, name = '']) => fullName(name));
    expect(images.filter((name) => pattern.test(name))).not.toEqual([]);
  }
});

test('every image is made of layers that are declared, those below first', () => {
  for (const [name, { layers: always, extras = {} }] of Object.entries(IMAGES)) {
    const layers = [...always, ...Object.values(extras).flat()];
    expect(fullName(name)).toBe(name);
    for (const [index, layer] of layers.entries()) {
      expect(LAYERS).toHaveProperty([layer]);
      for (const below of LAYERS[layer]?.on ?? []) expect(layers.slice(0, index)).toContain(below);
    }
  }
});

test.each([
  ['busybox:1', 'docker.io/library/busybox:1'],
  ['htcondor/cm:25.0.13-el9', 'docker.io/htcondor/cm:25.0.13-el9'],
  ['localhost/own:1', 'localhost/own:1'],
  ['registry.example.org:5000/own:1', 'registry.example.org:5000/own:1'],
])('%s is %s in full', (name, full) => {
  expect(fullName(name)).toBe(full);
});
