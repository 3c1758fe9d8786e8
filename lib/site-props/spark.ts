import type { SparkOffer } from '../jupyterhub/configuration';
import type { NeededSecret } from '../kubernetes/needed-secret';
import { binaryBytes, cpu } from '../kubernetes/quantity';
import type { FacilityNamespace } from '../namespaces/namespaces';
import { offeredGpus } from '../site/hub-plan';
import type { Site } from '../site/schema';
import type { NodePool } from '../site/schema/node-pools';
import type { Spark } from '../site/schema/spark';
import { sparkOverride } from '../spark/notebook';
import { executorNamespace } from '../spark/release';
import type { SparkProps } from '../spark/spark';
import { clusterNetwork, pullSecrets } from './cluster';
import { memberGroups, nodeGroup } from './notebooks';

export function sparkProps(site: Site, spark: Spark): SparkProps {
  const { podCIDRs, serviceCIDRs, nodeCIDRs, imagePullSecrets } = site.cluster;
  const image = site.images.find(({ name }) => name === spark.image);
  if (!image) throw new Error('rule AF-REF-23 lets no image through that is not in the catalogue');
  const { cores, memory, disk } = spark.executor;
  return {
    experiments: spark.experiments.map(({ name, limits, egress }) => ({
      name,
      executors: limits.executors,
      egress,
    })),
    image: image.ref,
    executor: { cores, memory },
    pod: {
      nodes: executorPools(site, spark).map(nodeGroup),
      disk,
      maxAgeSeconds: spark.maxAge.seconds,
      imagePullSecrets,
    },
    cluster: clusterNetwork(site),
    ownNetworks: [...podCIDRs, ...serviceCIDRs, ...nodeCIDRs],
  };
}

function executorPools({ nodePools }: Site, { pools }: Spark): NodePool[] {
  return nodePools.filter(({ name }) => pools.includes(name));
}

/** What the hub offers users. */
export function sparkOffer(site: Site, { profiles, experiments }: Spark): SparkOffer {
  return {
    profiles,
    experiments: experiments.map(({ name }) => ({
      name,
      groups: memberGroups(site, [name]),
      override: sparkOverride(name),
    })),
  };
}

export function sparkSecrets(site: Site, { experiments }: Spark): NeededSecret[] {
  return experiments.flatMap(({ name }) => pullSecrets(site, executorNamespace(name)));
}

/**
 * Whoever may make pods makes any pods: what they may be and take in all is bounded here, where no rights of a notebook
 * reach. Services, claims and GPUs are nothing that executors need.
 */
export function executorNamespaces(site: Site, spark: Spark): FacilityNamespace[] {
  const pools = executorPools(site, spark);
  const most = (amount: (pool: NodePool) => number) => Math.max(...pools.map(amount));
  const mostCores = cpu(most(({ allocatable }) => allocatable.cpu.millicores)).text;
  const gpus = [...new Set(site.nodePools.flatMap((pool) => Object.keys(offeredGpus(pool))))].sort();
  return spark.experiments.map(({ name, limits }) => ({
    name: executorNamespace(name),
    podSecurity: 'restricted',
    quota: {
      pods: String(limits.executors),
      'requests.cpu': limits.cores.text,
      'requests.memory': limits.memory.text,
      'limits.memory': limits.memory.text,
      services: '0',
      persistentvolumeclaims: '0',
      ...Object.fromEntries(gpus.map((resource) => [`requests.${resource}`, '0'])),
    },
    // An executor states its memory, and may use what its node has left of cores.
    containers: {
      max: { cpu: mostCores, memory: binaryBytes(most(({ allocatable }) => allocatable.memory.bytes)).text },
      limit: { cpu: mostCores, memory: spark.executor.memory.text },
      request: { cpu: '100m', memory: spark.executor.memory.text },
    },
  }));
}
