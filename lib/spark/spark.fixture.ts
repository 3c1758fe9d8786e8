import { CPU_NODES, GPU_NODES, gi, objectsOf } from '../jupyterhub/jupyterhub.fixture';
import type { DefaultsProps } from './defaults';
import type { ExecutorPodProps } from './executor-pod';
import { Spark, type SparkExperiment, type SparkProps } from './spark';

export const DEFAULTS: Required<DefaultsProps> = {
  experiment: 'cms',
  image: 'registry.example.org/af/spark:4.1.4',
  executor: { cores: 2, memory: gi(8) },
  executors: 20,
};

export const POD: Required<ExecutorPodProps> = {
  nodes: [CPU_NODES],
  disk: gi(20),
  maxAgeSeconds: 3600,
  imagePullSecrets: ['registry'],
};

export const TWO_POOLS: ExecutorPodProps = { ...POD, nodes: [CPU_NODES, GPU_NODES] };

const CMS: Required<SparkExperiment> = {
  name: 'cms',
  executors: 20,
  egress: [
    { cidrs: ['0.0.0.0/0'], ports: [1094] },
    { cidrs: ['10.30.0.0/24'], ports: [3128] },
  ],
};

export const PROPS: Required<SparkProps> = {
  experiments: [CMS, { name: 'vo2', executors: 4, egress: [] }],
  image: DEFAULTS.image,
  executor: DEFAULTS.executor,
  pod: POD,
  cluster: {
    apiServer: { cidrs: ['192.0.2.11/32'], port: 6443 },
    dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } },
  },
  ownNetworks: ['10.244.0.0/16', '198.51.100.0/26'],
};

export const ALL = objectsOf((scope) => new Spark(scope, 'spark', PROPS));
