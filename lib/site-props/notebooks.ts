import type { SharedVolume } from '../jupyterhub/configuration';
import type { ImagePullersProps } from '../jupyterhub/image-pullers';
import type { NodeGroup } from '../jupyterhub/placement';
import type { NotebookImage, NotebookProfile } from '../jupyterhub/profile';
import { RELEASE } from '../jupyterhub/release';
import type { SharedClaim } from '../jupyterhub/shared-volumes';
import { binaryBytes, cpu, type Bytes } from '../kubernetes/quantity';
import { profilePools } from '../site/hub-plan';
import { gpuLabels, poolLabels } from '../site/node-labels';
import type { Site } from '../site/schema';
import type { JupyterHub } from '../site/schema/jupyterhub';
import type { NodePool } from '../site/schema/node-pools';
import type { Profile } from '../site/schema/profiles';

const SAMPLE: NotebookImage = { name: 'sample', ref: RELEASE.images.notebook };

export function profiles(site: Site, jupyterhub: JupyterHub): NotebookProfile[] {
  return jupyterhub.profiles.map((profile, index) =>
    profileProps(site, profile, isDefault(jupyterhub, index)),
  );
}

function isDefault({ profiles }: JupyterHub, index: number): boolean {
  const stated = profiles.findIndex((profile) => profile.default);
  return index === Math.max(stated, 0);
}

export function nodeGroup(pool: NodePool): NodeGroup {
  return { labels: poolLabels(pool), taints: pool.taints };
}

function profileProps(site: Site, profile: Profile, chosen: boolean): NotebookProfile {
  const { slug, displayName, description, gpu, unlistedImages, allow } = profile;
  return {
    slug,
    displayName,
    ...(description === undefined ? {} : { description }),
    cpu: profile.cpu,
    memory: profile.memory,
    nodes: profilePools(site.nodePools, profile).map((pool) =>
      gpu ? { ...nodeGroup(pool), labels: gpuLabels(pool) } : nodeGroup(pool),
    ),
    ...(gpu
      ? {
          gpu: {
            resource: gpu.resource,
            count: gpu.count,
            ...(gpu.runtimeClass === undefined ? {} : { runtimeClass: gpu.runtimeClass }),
          },
        }
      : {}),
    images: profileImages(site, profile),
    ...(unlistedImages === undefined ? {} : { unlistedImages }),
    default: chosen,
    ...(allow ? { groups: memberGroups(site, allow.experiments) } : {}),
  };
}

function profileImages({ images }: Site, profile: Profile): NotebookImage[] {
  const chosen = profile.images.flatMap((wanted) => images.find(({ name }) => name === wanted) ?? []);
  return chosen.length > 0 ? chosen : [SAMPLE];
}

/** Groups of the members of some experiments. */
export function memberGroups({ experiments }: Site, names: readonly string[]): string[] {
  return experiments
    .filter(({ name }) => names.includes(name))
    .flatMap(({ groups }) => (groups ? [groups.members] : []));
}

export function sharedVolumes(site: Site): SharedVolume[] {
  const { storage } = site;
  return [
    ...(storage?.shared ?? []).map(({ name, mountPath, experiments }) => ({
      name: `shared-${name}`,
      claim: `shared-${name}`,
      mountPath: mountPath ?? `/shared/${name}`,
      automounted: false,
      ...(experiments.length === 0 ? {} : { groups: memberGroups(site, experiments) }),
    })),
    ...(storage?.cvmfs ? [{ name: 'cvmfs', claim: 'cvmfs', mountPath: '/cvmfs', automounted: true }] : []),
  ];
}

/** The driver of CVMFS takes any size: the field is one that a claim must have. */
const CVMFS_SIZE: Bytes = { bytes: 1, text: '1' };

export function sharedClaims({ storage }: Site): SharedClaim[] {
  return [
    ...(storage?.shared ?? []).map(({ name, class: storageClass, size }): SharedClaim => ({
      name: `shared-${name}`,
      storageClass,
      accessMode: 'ReadWriteMany',
      size,
    })),
    ...(storage?.cvmfs
      ? [
          {
            name: 'cvmfs',
            storageClass: storage.cvmfs.class,
            accessMode: 'ReadOnlyMany' as const,
            size: CVMFS_SIZE,
          },
        ]
      : []),
  ];
}

export function imagePullersProps(site: Site, jupyterhub: JupyterHub): ImagePullersProps {
  const wanted = jupyterhub.prePull?.pools ?? [];
  return {
    pools: site.nodePools
      .filter(({ name }) => wanted.includes(name))
      .map((pool) => {
        const images = jupyterhub.profiles
          .filter((profile) => profilePools(site.nodePools, profile).includes(pool))
          .flatMap((profile) => profileImages(site, profile).map(({ ref }) => ref));
        return { pool: pool.name, nodes: nodeGroup(pool), images: [...new Set(images)].sort() };
      }),
    imagePullSecrets: site.cluster.imagePullSecrets,
  };
}

/**
 * As much as the nodes of the profiles have: legitimate notebooks never reach it, a loop that starts them does.
 * Ports and load balancers would open the cluster to the outside.
 */
export function usersQuota(site: Site, jupyterhub: JupyterHub): Record<string, string> {
  const pools = new Set(jupyterhub.profiles.flatMap((profile) => profilePools(site.nodePools, profile)));
  const [millicores, bytes] = [...pools].reduce(
    ([cores, memory], { count, allocatable }) => [
      cores + count * allocatable.cpu.millicores,
      memory + count * allocatable.memory.bytes,
    ],
    [0, 0],
  );
  return {
    pods: String(jupyterhub.limits.maxActiveServers),
    'requests.cpu': cpu(millicores).text,
    'requests.memory': binaryBytes(bytes).text,
    'services.nodeports': '0',
    'services.loadbalancers': '0',
  };
}
