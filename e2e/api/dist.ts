import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { labelsAt } from '../../lib/kubernetes/read';
import { listFiles } from '../../lib/dist/write';

const DIST = path.join(__dirname, '..', '..', 'dist');

export const SITES = readdirSync(DIST).sort();

/** The very objects of a component's folder, Namespaces first as Argo CD has it. */
export function objectsOf(site: string, component: string, dist = DIST): KubernetesObject[] {
  const folder = path.join(dist, site, component);
  const files = listFiles(folder).filter((file) => path.basename(file) !== 'kustomization.yaml');
  const objects = files
    .sort()
    .map((file) => YAML.parse(readFileSync(path.join(folder, file), 'utf8')) as KubernetesObject);
  const first = (object: KubernetesObject) =>
    object.kind === 'Namespace' ? 0 : object.kind === 'ServiceAccount' ? 1 : 2;
  return objects.sort((a, b) => first(a) - first(b));
}

/** Components in the order of their waves; the folder that Argo CD itself starts from comes last. */
export function componentsInOrder(site: string): string[] {
  const applications = objectsOf(site, 'argocd').filter(
    ({ kind, metadata }) => kind === 'Application' && metadata.name !== 'root',
  );
  const wave = (object: KubernetesObject) =>
    Number(labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-wave']);
  const inOrder = applications.sort((a, b) => wave(a) - wave(b)).map(({ metadata }) => metadata.name);
  // Definitions come from upstream: their folder is missing, or holds a kustomization only.
  return [...inOrder.filter((name) => !name.startsWith('crds-')), 'argocd'];
}
