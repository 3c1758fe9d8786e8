import type { ClusterNetwork } from '../kubernetes/cluster';
import type { NeededSecret } from '../kubernetes/needed-secret';
import type { Site } from '../site/schema';

export function clusterNetwork({ cluster, monitoring }: Site): ClusterNetwork {
  const { addresses, port } = cluster.apiServer;
  return {
    apiServer: {
      cidrs: addresses.map((address) => `${address}/${address.includes(':') ? '128' : '32'}`),
      port,
    },
    dns: cluster.dns,
    ...(monitoring ? { monitoringNamespace: monitoring.prometheus.namespace } : {}),
  };
}

/** Registry credentials that a namespace must have. */
export function pullSecrets({ cluster }: Site, namespace: string): NeededSecret[] {
  return cluster.imagePullSecrets.map((name) => ({
    namespace,
    name,
    keys: ['.dockerconfigjson'],
    purpose: 'Lets the nodes pull images from the registry.',
  }));
}
