import { writeFileSync } from 'node:fs';
import { title, type KubernetesObject } from '../../lib/kubernetes/object';
import { CONFIRMED, PROTECTED } from '../../lib/kubernetes/protection';
import { at, labelsAt, textAt } from '../../lib/kubernetes/read';
import { objectsOf } from '../api/dist';
import { say } from '../suite/look';
import { readAll } from '../suite/objects';
import { applications, notReady, states } from './applications';
import { comesTrue, type ArgocdBench } from './bench';
import { commit, distFile, removeComponent } from './repository';

/** What goes with a component that leaves the site file, and what stays. */
export function removalCriteria(bench: ArgocdBench): void {
  const { names, settled } = bench;

  test('what holds no data is deleted with its component; data, namespaces and definitions stay', async () => {
    const volume = protectedVolume(bench.site.storage?.longhorn.classes[0]?.name ?? '');
    writeFileSync(distFile(bench.name, 'cert-manager/e2e-volume.yaml'), JSON.stringify(volume));
    commit("a volume of the suite's own in a component that can go");
    await comesTrue(90, () => (states([volume]).size === 1 ? notReady(names) : ['the volume is not there']));

    const kept = ['root', 'namespaces', ...bench.definitions.map((project) => `crds-${project}`)];
    const leaving = bench.applications.filter(({ metadata }) => !kept.includes(metadata.name));
    const goes = new Set(
      leaving
        .filter(holdsNoData)
        .flatMap(({ metadata }) => objectsOf(bench.name, metadata.name))
        .filter((object) => !isProtected(object))
        .map(title),
    );
    const before = states([...settled, volume]);
    for (const { metadata } of leaving) removeComponent(bench.name, metadata.name);
    commit('only namespaces and definitions');
    const left = () => applications().map((application) => textAt(application, 'metadata', 'name') ?? '');
    await comesTrue(180, () => [
      ...left().flatMap((application) =>
        kept.includes(application) ? [] : [`Application ${application} is still there`],
      ),
      ...notReady(kept),
    ]);
    await comesTrue(60, () => [...states([...settled, volume]).keys()].filter((each) => goes.has(each)));
    const after = states([...settled, volume]);
    const gone = [...before.keys()].filter((each) => !after.has(each)).sort();
    say(`${bench.name}: ${String(gone.length)} objects went, ${String(after.size)} stayed`);
    expect(gone).toEqual([...goes].sort());
    expect(gone).toContain('Deployment cert-manager/cert-manager');
    expect([...after.keys()]).toEqual(
      expect.arrayContaining([
        title(volume),
        'Namespace cert-manager',
        'Namespace longhorn-system',
        'Deployment longhorn-system/longhorn-ui',
        'DaemonSet longhorn-system/longhorn-manager',
      ]),
    );
    const kinds = readAll('customresourcedefinitions').map((each) => textAt(each, 'metadata', 'name') ?? '');
    expect(kinds).toEqual(expect.arrayContaining(['certificates.cert-manager.io', 'volumes.longhorn.io']));
  });
}

/** Argo CD deletes what an Application has made only where that has its finalizer. */
function holdsNoData(application: KubernetesObject): boolean {
  return Array.isArray(at(application, 'metadata', 'finalizers'));
}

function isProtected(object: KubernetesObject): boolean {
  const options = labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-options'];
  return [PROTECTED, CONFIRMED].some((each) => each['argocd.argoproj.io/sync-options'] === options);
}

/** A volume as components with data have them. */
function protectedVolume(storageClassName: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'e2e-volume', namespace: 'cert-manager', annotations: PROTECTED },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
  };
}
