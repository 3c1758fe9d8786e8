import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import type { Resources } from '../kubernetes/resources';
import { wave } from '../kubernetes/wave';
import type { BackupTarget } from './config-maps';
import { configMaps } from './config-maps';
import { driverDeployerDeployment } from './driver-deployer';
import type { BackupEgress } from './flows';
import { flowPolicies } from './flows';
import { Identities } from './identities';
import { managerDaemonSet } from './manager';
import { clusterScoped } from './metadata';
import { upstreamPolicies } from './network-policies';
import { DRIVER_DEPLOYER_RESOURCES, MANAGER_RESOURCES, UI_RESOURCES } from './pod';
import { PRIORITY_CLASS } from './release';
import { services } from './services';
import type { LonghornSettings } from './settings';
import { derivedSettings } from './settings';
import type { Taint } from './taint';
import { uiDeployment } from './ui';

export interface LonghornProps {
  readonly cluster: ClusterNetwork;
  /** Keys and texts of the site; a key that is not here keeps the value it has in the cluster. */
  readonly settings: LonghornSettings;
  /** Taints of the nodes where volumes are mounted: GPU nodes, for example. */
  readonly tolerations: readonly Taint[];
  /** Networks from which nodes mount shared (ReadWriteMany) volumes. */
  readonly nodeCidrs: readonly string[];
  /** Whether support bundles can be made: they need a service account that is bound to `cluster-admin`. */
  readonly supportBundle: boolean;
  /** @default there are no backups */
  readonly backup?: BackupTarget;
  /** Where the backup target is in the network. @default no pod may leave the cluster */
  readonly backupEgress?: readonly BackupEgress[];
  /**
   * Secret for pulling all images; only one, because Longhorn's own setting names one.
   * @default images are public
   */
  readonly imagePullSecret?: string;
  /** @default 2 */
  readonly uiReplicas?: number;
  /** @default 0.1 core and 256Mi requested, at most 2Gi */
  readonly managerResources?: Resources;
  /** @default 0.02 core and 64Mi requested, at most 256Mi */
  readonly driverDeployerResources?: Resources;
  /** @default 0.02 core and 32Mi requested, at most 128Mi */
  readonly uiResources?: Resources;
}

/**
 * Longhorn as its release has it, without the three Helm hook Jobs and without what Longhorn creates at run
 * time.
 *
 * The Jobs are left out because Argo CD would run them: the first blocks the first sync, the last deletes all
 * volumes.
 *
 * @see https://longhorn.io/docs/1.12.1/
 */
export class Longhorn extends Construct {
  constructor(scope: Construct, id: string, props: LonghornProps) {
    super(scope, id);
    const { cluster, nodeCidrs, backupEgress = [], imagePullSecret, tolerations: taints } = props;

    new k8s.KubePriorityClass(this, 'priority-class', {
      // Argo CD puts priority classes last, and a pod whose class is unknown is refused.
      metadata: clusterScoped(PRIORITY_CLASS, { annotations: wave(-1) }),
      value: 1_000_000_000,
      globalDefault: false,
      preemptionPolicy: 'PreemptLowerPriority',
      description: 'Storage comes before what uses it: these pods are evicted last when a node runs short.',
    });
    new Identities(this, 'identities', { supportBundle: props.supportBundle });

    // What is derived comes last: a site cannot contradict it.
    const settings = { ...props.settings, ...derivedSettings({ taints, imagePullSecret }) };
    for (const map of configMaps(settings, props.backup)) {
      new k8s.KubeConfigMap(this, childId('config-map', map), map);
    }
    for (const service of services()) {
      new k8s.KubeService(this, childId('service', service), service);
    }
    for (const policy of [...upstreamPolicies(), ...flowPolicies({ cluster, nodeCidrs, backupEgress })]) {
      new k8s.KubeNetworkPolicy(this, childId('network-policy', policy), policy);
    }
    new k8s.KubeDaemonSet(
      this,
      'manager',
      managerDaemonSet({ taints, imagePullSecret, resources: props.managerResources ?? MANAGER_RESOURCES }),
    );
    new k8s.KubeDeployment(
      this,
      'driver-deployer',
      driverDeployerDeployment({
        imagePullSecret,
        resources: props.driverDeployerResources ?? DRIVER_DEPLOYER_RESOURCES,
      }),
    );
    new k8s.KubeDeployment(
      this,
      'ui',
      uiDeployment({
        imagePullSecret,
        replicas: props.uiReplicas ?? 2,
        resources: props.uiResources ?? UI_RESOURCES,
      }),
    );
  }
}

function childId(kind: string, { metadata }: { readonly metadata?: k8s.ObjectMeta }): string {
  return `${kind}.${metadata?.name ?? ''}`;
}
