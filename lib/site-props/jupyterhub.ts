import type { NeededSecret } from '../kubernetes/needed-secret';
import { binaryBytes, cpu, type Bytes } from '../kubernetes/quantity';
import type { ConfigurationProps, SharedVolume } from '../jupyterhub/configuration';
import type { Entrance } from '../jupyterhub/entrance';
import type { ImagePullersProps } from '../jupyterhub/image-pullers';
import type { JupyterHubProps } from '../jupyterhub/jupyterhub';
import type { LoginProps } from '../jupyterhub/login';
import { hubSecret } from '../jupyterhub/needed-secrets';
import type { NodeGroup } from '../jupyterhub/placement';
import type { NotebookImage, NotebookProfile } from '../jupyterhub/profile';
import { NAMESPACE, RELEASE, SCHEDULERS, USERS_NAMESPACE } from '../jupyterhub/release';
import type { SharedClaim } from '../jupyterhub/shared-volumes';
import type { UserSchedulerProps } from '../jupyterhub/user-scheduler';
import { allowedGroups, callbackUrl, entranceHost, profilePools, tlsIssuer } from '../site/hub-plan';
import type { Site } from '../site/schema';
import type { JupyterHub } from '../site/schema/jupyterhub';
import type { NodePool } from '../site/schema/node-pools';
import type { Profile } from '../site/schema/profiles';
import { clusterNetwork, pullSecrets } from './cluster';

const SAMPLE: NotebookImage = { name: 'sample', ref: RELEASE.images.notebook };

export function jupyterhubProps(site: Site, jupyterhub: JupyterHub, program: string): JupyterHubProps {
  const { cluster, identity } = site;
  const login = identity?.login;
  if (!login) throw new Error('rule AF-JH-01 lets no hub through without identity.login');
  const { podCIDRs, serviceCIDRs, nodeCIDRs, imagePullSecrets } = cluster;
  const { database, secret, resources } = jupyterhub.hub;
  return {
    hub: {
      program,
      configuration: configuration(site, jupyterhub),
      secret,
      database: {
        size: database.size,
        ...(database.class === undefined ? {} : { storageClass: database.class }),
      },
      resources,
      coreNodes: coreNodes(site),
      imagePullSecrets,
    },
    proxy: jupyterhub.proxy,
    entrance: entranceProps(site, jupyterhub),
    cluster: clusterNetwork(site),
    network: {
      ownNetworks: [...podCIDRs, ...serviceCIDRs, ...nodeCIDRs],
      issuer: {
        port: Number(/:(\d+)(?:\/|$)/.exec(login.issuer)?.[1] ?? 443),
        privateNetworks: login.privateNetworks,
      },
      notebookEgress: jupyterhub.egress,
    },
    sharedClaims: sharedClaims(site),
  };
}

function configuration(site: Site, jupyterhub: JupyterHub): ConfigurationProps {
  const { storage, cluster } = site;
  const home = storage?.home;
  if (!home) throw new Error('rule AF-JH-10 lets no hub through without storage.home');
  const { idle, every, maxAge } = jupyterhub.cull;
  return {
    host: entranceHost(jupyterhub),
    login: loginProps(site, jupyterhub),
    profiles: jupyterhub.profiles.map((profile, index) =>
      profileProps(site, profile, isDefault(jupyterhub, index)),
    ),
    home: {
      storageClass: home.class,
      accessMode:
        storage.longhorn.classes.find(({ name }) => name === home.class)?.accessMode ?? 'ReadWriteOnce',
      size: home.size,
      mountPath: home.mountPath,
    },
    sharedVolumes: sharedVolumes(site),
    limits: jupyterhub.limits,
    cull: {
      idleSeconds: idle.seconds,
      everySeconds: every.seconds,
      ...(maxAge ? { maxAgeSeconds: maxAge.seconds } : {}),
    },
    imagePullSecrets: cluster.imagePullSecrets,
    userScheduler: jupyterhub.userScheduler,
  };
}

function isDefault({ profiles }: JupyterHub, index: number): boolean {
  const stated = profiles.findIndex((profile) => profile.default);
  return index === Math.max(stated, 0);
}

function loginProps(site: Site, jupyterhub: JupyterHub): LoginProps {
  const login = site.identity?.login;
  if (!login) throw new Error('rule AF-JH-01 lets no hub through without identity.login');
  const { issuer, scopes, usernameClaim, groupsClaim, adminGroups } = login;
  const { displayName, contacts } = site.site;
  return {
    issuer,
    callbackUrl: login.callbackUrl ?? callbackUrl(jupyterhub),
    scopes,
    usernameClaim,
    groupsClaim,
    allowedGroups: allowedGroups(site),
    adminGroups,
    facility: displayName,
    contact: contacts.alerts ?? contacts.security,
  };
}

function nodeGroup({ labels, taints, name }: NodePool): NodeGroup {
  return { labels: labels ?? { 'analysis-facility/pool': name }, taints };
}

function coreNodes({ nodePools }: Site): NodeGroup[] {
  return nodePools.filter(({ roles }) => roles.includes('core')).map(nodeGroup);
}

function profileProps(site: Site, profile: Profile, chosen: boolean): NotebookProfile {
  const { slug, displayName, description, gpu, unlistedImages, allow } = profile;
  return {
    slug,
    displayName,
    ...(description === undefined ? {} : { description }),
    cpu: profile.cpu,
    memory: profile.memory,
    nodes: profilePools(site.nodePools, profile).map((pool) => {
      const group = nodeGroup(pool);
      return gpu && pool.gpu
        ? { ...group, labels: { ...group.labels, 'nvidia.com/gpu.product': pool.gpu.product } }
        : group;
    }),
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

function memberGroups({ experiments }: Site, names: readonly string[]): string[] {
  return experiments
    .filter(({ name }) => names.includes(name))
    .flatMap(({ groups }) => (groups ? [groups.members] : []));
}

function sharedVolumes(site: Site): SharedVolume[] {
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

function sharedClaims({ storage }: Site): SharedClaim[] {
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

function entranceProps(site: Site, { entrance }: JupyterHub): Entrance {
  if (entrance.kind === 'nodePort')
    return { kind: 'nodePort', host: entrance.tlsFront.host, port: entrance.port };
  const { ingress } = site.cluster;
  if (!ingress)
    throw new Error('rule AF-NET-03 lets no entrance of kind ingress through without cluster.ingress');
  const { dataPlaneNamespace } = ingress;
  if (ingress.kind === 'gateway')
    return { kind: 'gateway', host: entrance.host, gateway: ingress.gateway, dataPlaneNamespace };
  const issuer = tlsIssuer(site, entrance);
  if (issuer === undefined) throw new Error('rule AF-CM-60 lets no Ingress through without an issuer');
  const { className } = ingress;
  return { kind: 'ingress', host: entrance.host, className, issuer, dataPlaneNamespace };
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

export function userSchedulerProps(site: Site): UserSchedulerProps {
  const image = SCHEDULERS[site.cluster.kubernetesVersion];
  if (image === undefined) throw new Error('rule AF-JH-13 lets no user scheduler through without its image');
  return {
    cluster: clusterNetwork(site),
    image,
    coreNodes: coreNodes(site),
    imagePullSecrets: site.cluster.imagePullSecrets,
  };
}

export function jupyterhubSecrets(site: Site, { hub }: JupyterHub): NeededSecret[] {
  return [hubSecret(hub.secret), ...pullSecrets(site, NAMESPACE), ...pullSecrets(site, USERS_NAMESPACE)];
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
