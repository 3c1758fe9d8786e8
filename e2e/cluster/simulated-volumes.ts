import type { Site } from '../../lib/site/schema';

/** Enough for the claims of a site: database, spools, shared volumes, and a home for each notebook that is tried. */
const VOLUMES_PER_CLASS = 24;

/** Volumes that are there already, in the place of Longhorn's, whose engine needs a real kernel. */
export function simulatedVolumes({ storage }: Site): object[] {
  const classes = [
    ...(storage?.longhorn.classes ?? []).map(({ name }) => name),
    ...(storage?.cvmfs ? [storage.cvmfs.class] : []),
  ];
  return classes.flatMap((storageClassName) =>
    Array.from({ length: VOLUMES_PER_CLASS }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${storageClassName}-${String(index + 1)}` },
      spec: {
        storageClassName,
        capacity: { storage: '8Ti' },
        accessModes: ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path: `/simulated/${storageClassName}-${String(index + 1)}` },
      },
    })),
  );
}
