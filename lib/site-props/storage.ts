import type { NeededSecret } from '../kubernetes/needed-secret';
import type { LonghornProps } from '../longhorn/longhorn';
import { NAMESPACE } from '../longhorn/release';
import { facilityDefaults } from '../longhorn/settings';
import { distinctTaints, type Taint } from '../longhorn/taint';
import type { Site } from '../site/schema';
import type { Storage } from '../site/schema/storage';
import { overProvisioningPercent } from '../site/storage-plan';
import type { StorageProps } from '../storage/storage';
import { clusterNetwork, pullSecrets } from './cluster';

/** Taints of all nodes: homes, spools and scratch volumes are mounted on every one of them. */
export function nodeTaints({ nodePools }: Site): readonly Taint[] {
  return distinctTaints(
    nodePools
      .flatMap((pool) => pool.taints)
      .map(({ key, value, effect }) => ({ key, effect, ...(value === undefined ? {} : { value }) })),
  );
}

export function longhornProps(site: Site, { longhorn }: Storage): LonghornProps {
  const { cluster, nodePools } = site;
  const disks = nodePools.flatMap((pool) => pool.longhornDisks);
  const standard = longhorn.classes.find((candidate) => candidate.default);
  const stated = Object.fromEntries(
    Object.entries(longhorn.settings).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const [disk] = disks;
  const target = longhorn.backup?.target;
  const [imagePullSecret] = cluster.imagePullSecrets;
  return {
    cluster: clusterNetwork(site),
    nodeCidrs: cluster.nodeCIDRs,
    tolerations: nodeTaints(site),
    supportBundle: longhorn.supportBundle,
    settings: {
      ...facilityDefaults({
        replicas: standard?.replicas ?? 1,
        overProvisioningPercent: overProvisioningPercent(site),
        ...(disk
          ? {
              dataPath: `${disk.path.replace(/\/$/, '')}/`,
              reservedPercent: Math.max(...disks.map((each) => each.reserved)),
            }
          : {}),
      }),
      ...stated,
    },
    ...(target
      ? {
          backup: {
            url: target.url,
            pollInterval: target.pollInterval,
            ...(target.credentials ? { credentialSecret: target.credentials.secret } : {}),
          },
          backupEgress: target.egress,
        }
      : {}),
    ...(imagePullSecret === undefined ? {} : { imagePullSecret }),
  };
}

export function longhornSecrets(site: Site, { longhorn: { backup } }: Storage): NeededSecret[] {
  const credentials = backup?.target?.credentials;
  const purpose = 'Lets Longhorn write backups to its target.';
  const target = credentials
    ? [{ namespace: NAMESPACE, name: credentials.secret, keys: credentials.keys, purpose }]
    : [];
  return [...target, ...pullSecrets(site, NAMESPACE)];
}

/**
 * A class names only a group of its own, and jobs name the classes: parameters of a class can never be changed, while
 * the groups of a job can.
 */
export function storageProps({ longhorn: { classes, backup } }: Storage): StorageProps {
  return {
    classes: classes.map((each) => ({ ...each, backupGroups: [each.name] })),
    jobs: (backup?.jobs ?? []).map((job) => ({
      ...job,
      groups: classes
        .filter((candidate) => candidate.backup.includes(job.name))
        .map((candidate) => candidate.name),
    })),
  };
}
