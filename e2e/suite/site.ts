import type { KubernetesObject } from '../../lib/kubernetes/object';
import { listAt, textAt } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { readPrograms } from '../../lib/commands/read-programs';
import { synthesise } from '../../lib/synthesise';
import { GIVEN_KUBECONFIG } from '../cluster/cache';
import { readSite, up } from '../cluster/cluster';
import { applyObjects, kubectl } from '../cluster/kubectl';
import { applyPatiently } from './apply';
import { accepted } from './controllers';
import { define, definitionsFor } from './definitions';
import { componentsInOrder, objectsOf } from '../api/dist';
import { eventually, say } from './look';
import { nameOf } from './objects';
import { makeSecrets } from './secrets';

/** A site with its dist. */
export interface Deployed {
  readonly site: Site;
  readonly components: readonly string[];
  readonly objects: readonly KubernetesObject[];
}

export function deployed(name: string): Deployed {
  const components = componentsInOrder(name);
  return {
    site: readSite(name),
    components,
    objects: components.flatMap((component) => objectsOf(name, component)),
  };
}

/** A cluster for a site, with every kind that its dist uses, and the namespace of Argo CD, which its bootstrap makes. */
export async function startCluster({ site, objects }: Deployed): Promise<void> {
  await up(site, say);
  await define(definitionsFor(objects));
  makeOutsideClasses(objects);
  kubectl(['create', 'namespace', site.cluster.argocd.namespace]);
}

/**
 * Makes the storage classes that claims of dist name and dist does not have, as that of the CVMFS driver: a site's cluster has them from elsewhere, and so has
 * one that is given.
 */
export function makeOutsideClasses(objects: readonly KubernetesObject[]): void {
  const own = objects.filter(({ kind }) => kind === 'StorageClass').map(nameOf);
  const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  const templates = objects.flatMap((object) => listAt(object, 'spec', 'volumeClaimTemplates'));
  const named = [...claims, ...templates].flatMap((claim) => textAt(claim, 'spec', 'storageClassName') ?? []);
  const missing = [...new Set(named)].filter((name) => !own.includes(name));
  if (missing.length === 0 || GIVEN_KUBECONFIG !== undefined) return;
  say(`substitution: storage classes that the cluster has from elsewhere: ${missing.join(', ')}`);
  applyObjects(
    missing.map((name) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'outside.example.org',
      allowVolumeExpansion: true,
    })),
  );
}

/** Applies all of dist in the order of waves; the Secrets that the site needs come as soon as their namespaces are there. */
export async function applySite({ site, components }: Deployed): Promise<readonly string[]> {
  const needed = synthesise(site, readPrograms()).neededSecrets;
  const objections: string[] = [];
  for (const component of components) {
    const objects = objectsOf(site.site.name, component);
    objections.push(...(await applyPatiently(objects)));
    makeSecrets(needed);
    // A pod that comes before its namespace's quota is counted is refused.
    objections.push(...(await eventually(30, () => accepted(objects, ['ResourceQuota']).objections)));
  }
  say(`${site.site.name}: ${String(needed.length)} Secrets made that the site needs`);
  return objections;
}
