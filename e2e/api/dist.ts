import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { labelsAt } from '../../lib/kubernetes/read';
import { listFiles } from '../../lib/dist/write';
import { GIVEN_KUBECONFIG } from '../cluster/cache';

const DIST = path.join(__dirname, '..', '..', 'dist');

/** The sites of dist, or the one that is asked for: a cluster that is given can hold only one. */
export const SITES: string[] = chosen(readdirSync(DIST).sort(), process.env['E2E_SITE']);

function chosen(all: string[], asked: string | undefined): string[] {
  if (asked === undefined) {
    if (GIVEN_KUBECONFIG === undefined) return all;
    throw new Error(`E2E_SITE must say which site the cluster of E2E_KUBECONFIG is for: ${all.join(', ')}`);
  }
  if (all.includes(asked)) return [asked];
  throw new Error(`E2E_SITE: there is no site ${asked}. Sites: ${all.join(', ')}`);
}

/** The very objects of a component's folder, Namespaces first as Argo CD has it. */
export function objectsOf(site: string, component: string, dist = DIST): KubernetesObject[] {
  const folder = path.join(dist, site, component);
  const files = listFiles(folder).filter((file) => path.basename(file) !== 'kustomization.yaml');
  const objects = files
    .sort()
    .map((file) => YAML.parse(readFileSync(path.join(folder, file), 'utf8')) as KubernetesObject);
  return objects.sort((a, b) => waveOf(a) - waveOf(b) || rank(a) - rank(b));
}

/**
 * What pods cannot do without comes before what makes pods. Argo CD has nearly this order, but for priority classes: they
 * come last, and controllers that were refused a pod try again.
 */
const FIRST = [
  'Namespace',
  'ResourceQuota',
  'LimitRange',
  'PriorityClass',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
];

function rank({ kind }: KubernetesObject): number {
  const index = FIRST.indexOf(kind);
  return index < 0 ? FIRST.length : index;
}

function waveOf(object: KubernetesObject): number {
  return Number(labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-wave'] ?? 0);
}

/** Components in the order of their waves; the folder that Argo CD itself starts from comes last. */
export function componentsInOrder(site: string): string[] {
  const applications = objectsOf(site, 'argocd').filter(
    ({ kind, metadata }) => kind === 'Application' && metadata.name !== 'root',
  );
  const inOrder = applications.sort((a, b) => waveOf(a) - waveOf(b)).map(({ metadata }) => metadata.name);
  // Definitions come from upstream: their folder is missing, or holds a kustomization only.
  return [...inOrder.filter((name) => !name.startsWith('crds-')), 'argocd'];
}
