import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import { FILES, sparkDefaults, type DefaultsProps } from './defaults';
import { executorPod, type ExecutorPodProps } from './executor-pod';
import { forNotebooks, notebooksOf } from './metadata';
import { NetworkPolicies, type DataEgress } from './network-policies';
import { Rbac } from './rbac';

export interface SparkExperiment {
  readonly name: string;
  /** Executors that it may have at a time. */
  readonly executors: number;
  readonly egress: readonly DataEgress[];
}

export interface SparkProps {
  readonly experiments: readonly SparkExperiment[];
  /** Image of the executors. */
  readonly image: string;
  readonly executor: DefaultsProps['executor'];
  readonly pod: ExecutorPodProps;
  readonly cluster: ClusterNetwork;
  /** Networks of pods, Services and nodes. */
  readonly ownNetworks: readonly string[];
}

/**
 * Spark from notebooks, in client mode: the driver is in the notebook, executors are pods in a namespace of the
 * experiment. Nothing here runs by itself: sessions make executors, by the rights and files that are here.
 *
 * @see https://spark.apache.org/docs/latest/running-on-kubernetes.html#client-mode
 */
export class Spark extends Construct {
  constructor(scope: Construct, id: string, props: SparkProps) {
    super(scope, id);
    const { image, executor, cluster, ownNetworks } = props;
    const pod = `${JSON.stringify(executorPod(props.pod), undefined, 2)}\n`;
    for (const { name, executors, egress } of props.experiments) {
      const own = new Construct(this, name);
      new Rbac(own, 'rbac', name);
      new NetworkPolicies(own, 'network-policies', { experiment: name, cluster, ownNetworks, egress });
      new k8s.KubeConfigMap(own, 'configuration', {
        metadata: forNotebooks(name),
        data: {
          [FILES.defaults]: sparkDefaults({ experiment: name, image, executor, executors }),
          [FILES.pod]: pod,
        },
      });
      // Without ports: it only gives each notebook a name, by which executors find their driver.
      new k8s.KubeService(own, 'drivers', {
        metadata: forNotebooks(name),
        spec: { clusterIp: 'None', publishNotReadyAddresses: true, selector: notebooksOf(name) },
      });
    }
  }
}
