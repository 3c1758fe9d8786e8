import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesObject } from '../kubernetes/object';
import type { Bytes, Cpu } from '../kubernetes/quantity';
import { binaryBytes, cpu } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import type { ConfigurationProps, SharedVolume } from './configuration';
import type { JupyterHubProps } from './jupyterhub';
import type { LoginProps } from './login';
import type { NodeGroup } from './placement';
import type { PoolAccess } from './pool-access';
import type { NotebookProfile } from './profile';
import type { HubExperiment } from './tokens';

export const gi = (amount: number): Bytes => binaryBytes(amount * 1024 ** 3);
export const cores = (amount: number): Cpu => cpu(amount * 1000);

export const RESOURCES: Resources = {
  requests: { cpu: cores(1), memory: gi(1) },
  limits: { memory: gi(2) },
};

export const GPU_NODES: NodeGroup = {
  labels: { 'analysis-facility/pool': 'gpu', 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-40GB' },
  taints: [
    { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
    { key: 'reserved', effect: 'NoExecute' },
  ],
};
export const CPU_NODES: NodeGroup = { labels: { 'analysis-facility/pool': 'cpu' }, taints: [] };

export const IMAGES = [
  { name: 'lab', ref: 'registry.example.org/af/lab:1.2.3' },
  { name: 'lab-cuda', ref: 'registry.example.org/af/lab-cuda:1.2.3' },
];

export const GPU_PROFILE: Required<NotebookProfile> = {
  slug: 'slice',
  displayName: 'A slice',
  description: 'Of an A100.',
  cpu: { guarantee: cores(4), limit: cores(8) },
  memory: { guarantee: gi(24), limit: gi(32) },
  nodes: [GPU_NODES],
  gpu: { resource: 'nvidia.com/mig-1g.5gb', count: 2, runtimeClass: 'nvidia' },
  images: IMAGES,
  unlistedImages: '^registry\\.example\\.org/af/.+$',
  default: true,
  groups: ['/cms/users'],
};

export const CPU_PROFILE: NotebookProfile = {
  slug: 'small',
  displayName: 'Small',
  cpu: { guarantee: cpu(500), limit: cores(2) },
  memory: { guarantee: gi(6), limit: gi(8) },
  nodes: [CPU_NODES],
  images: IMAGES.slice(0, 1),
  default: false,
};

export const LOGIN: Required<LoginProps> = {
  issuer: 'https://iam.example.org/',
  callbackUrl: 'https://hub.example.org/hub/oauth_callback',
  scopes: ['openid', 'offline_access', 'wlcg.groups'],
  usernameClaim: 'sub',
  groupsClaim: 'wlcg.groups',
  allowedGroups: ['/cms/users'],
  adminGroups: ['/cms/admins'],
  facility: 'The facility',
  contact: 'help@example.org',
};

export const VOLUME: Required<SharedVolume> = {
  name: 'shared-work',
  claim: 'shared-work',
  mountPath: '/work',
  automounted: false,
  groups: ['/cms/users'],
};

export const EXPERIMENT: Required<HubExperiment> = {
  name: 'cms',
  groups: ['/cms/users', '/cms/admins'],
  environment: { AF_XROOTD_REDIRECTOR: 'root://xrootd.example.org' },
};

export const POOL: Required<PoolAccess> = {
  tokens: { trustDomain: 'af.example.org', keySecret: { name: 'htcondor-hub-key', key: 'hub-key' } },
  clientConfig: 'SCHEDD_ADDRESS_FILE = /run/af/access-point\n',
  accessPoint: { host: 'access-point-ap1.htcondor.svc.cluster.local', version: '25.0.13' },
  accessPoints: { namespace: 'htcondor', labels: { app: 'htcondor' }, port: 9618 },
  dask: {
    executePools: ['cpu', 'large'],
    python: '/opt/dask/bin/python3',
    workers: ['cpu', 'large'].map((pool) => ({ namespace: 'htcondor-execute', labels: { pool } })),
  },
};

export const CONFIGURATION: Required<ConfigurationProps> = {
  host: 'hub.example.org',
  login: LOGIN,
  profiles: [CPU_PROFILE, GPU_PROFILE],
  home: { storageClass: 'homes', accessMode: 'ReadWriteOnce', size: gi(25), mountPath: '/home/jovyan' },
  sharedVolumes: [VOLUME, { name: 'cvmfs', claim: 'cvmfs', mountPath: '/cvmfs', automounted: true }],
  limits: { maxActiveServers: 150, concurrentSpawns: 20 },
  cull: { idleSeconds: 3600, everySeconds: 600, maxAgeSeconds: 86_400 },
  imagePullSecrets: ['registry'],
  userScheduler: true,
  experiments: [EXPERIMENT, { name: 'everybody', environment: {} }],
  pool: POOL,
  spark: {
    profiles: ['small'],
    experiments: [{ name: 'cms', groups: ['/cms/users'], override: { service_account: 'spark-cms' } }],
  },
};

export const PROPS: Required<JupyterHubProps> = {
  hub: {
    programs: { config: 'c = get_config()\n', tokens: 'NAME = "notebook-tokens"\n', page: '<p>' },
    configuration: CONFIGURATION,
    secret: 'hub-secrets',
    database: { storageClass: 'homes', size: gi(2) },
    resources: RESOURCES,
    coreNodes: [
      { labels: { 'analysis-facility/pool': 'core' }, taints: [{ key: 'core', effect: 'NoSchedule' }] },
    ],
    imagePullSecrets: ['registry'],
  },
  proxy: { resources: RESOURCES },
  entrance: {
    kind: 'ingress',
    host: 'hub.example.org',
    className: 'traefik',
    issuer: 'public',
    dataPlaneNamespace: 'traefik',
  },
  cluster: {
    apiServer: { cidrs: ['192.0.2.11/32'], port: 6443 },
    dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } },
    monitoringNamespace: 'monitoring',
  },
  network: {
    ownNetworks: ['10.244.0.0/16', '198.51.100.0/26', '2001:db8:42::/56'],
    issuer: { port: 443, privateNetworks: ['10.20.0.0/24'] },
    notebookEgress: [{ cidrs: ['10.30.0.0/24', '2001:db8:44::/64'], ports: [1094], reason: 'XRootD' }],
  },
  notebookFiles: { startProgram: 'import os\n', examples: { jobs: '{}\n', dask: '{}\n' } },
  sharedClaims: [
    { name: 'shared-work', storageClass: 'rwx', accessMode: 'ReadWriteMany', size: gi(100) },
    { name: 'cvmfs', storageClass: 'cvmfs', accessMode: 'ReadOnlyMany', size: gi(1) },
  ],
};

/** Plain objects of a construct. */
export function objectsOf(make: (scope: Construct) => unknown): KubernetesObject[] {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
  make(chart);
  return chart.toJson() as KubernetesObject[];
}
