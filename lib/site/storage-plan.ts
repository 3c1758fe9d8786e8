import { STATE_VOLUME } from '../htcondor/release';
import type { Site } from './schema';

/** What the declared disks of a site can hold, and what is planned on them. */
export interface StoragePlan {
  /** Nodes that carry a disk. */
  readonly nodes: number;
  /** Bytes of all disks without what is reserved. */
  readonly disks: number;
  /** Bytes that volumes may promise in all: more than there is, because few are ever full. */
  readonly promisable: number;
  readonly volumes: readonly PlannedVolume[];
  /** Bytes of all volumes times their replicas. */
  readonly promised: number;
}

export interface PlannedVolume {
  readonly what: string;
  readonly class: string;
  readonly bytes: number;
  readonly count: number;
  readonly replicas: number;
}

type Parts = Pick<Site, 'nodePools' | 'storage' | 'htcondor'>;

/** The setting of the site, or what is sound: thin volumes of many users, but one disk has nowhere to go. */
export function overProvisioningPercent({ nodePools, storage }: Pick<Site, 'nodePools' | 'storage'>): number {
  const stated = storage?.longhorn.settings['storage-over-provisioning-percentage'];
  if (stated !== undefined) return Number(stated);
  return storageNodes(nodePools) > 1 ? 150 : 100;
}

export function storageNodes(nodePools: Site['nodePools']): number {
  return nodePools.reduce((sum, pool) => sum + (pool.longhornDisks.length > 0 ? pool.count : 0), 0);
}

export function storagePlan(site: Parts): StoragePlan {
  const { nodePools } = site;
  const disks = nodePools.reduce(
    (sum, pool) =>
      sum +
      pool.count *
        pool.longhornDisks.reduce((own, disk) => own + (disk.size.bytes * (100 - disk.reserved)) / 100, 0),
    0,
  );
  const volumes = plannedVolumes(site);
  return {
    nodes: storageNodes(nodePools),
    disks,
    promisable: (disks * overProvisioningPercent(site)) / 100,
    volumes,
    promised: volumes.reduce((sum, volume) => sum + volume.bytes * volume.count * volume.replicas, 0),
  };
}

function plannedVolumes({ storage, htcondor }: Parts): PlannedVolume[] {
  if (!storage) return [];
  const { longhorn, home, shared } = storage;
  const replicas = (name: string) =>
    longhorn.classes.find((candidate) => candidate.name === name)?.replicas ?? 0;
  const volume = (
    what: string,
    at: { class: string; size: { bytes: number } },
    count = 1,
  ): PlannedVolume => ({
    what,
    class: at.class,
    bytes: at.size.bytes,
    count,
    replicas: replicas(at.class),
  });
  return [
    ...(home ? [volume('homes', home, home.expectedUsers)] : []),
    ...shared.map((each) => volume(`shared volume ${each.name}`, each)),
    ...(htcondor?.accessPoints ?? []).map(({ name, spool }) => volume(`spool of ${name}`, spool)),
    // The central manager takes the class of the first spool.
    ...(htcondor?.accessPoints ?? [])
      .slice(0, 1)
      .map(({ spool }) => volume('state of the central manager', { class: spool.class, size: STATE_VOLUME })),
  ];
}
