import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import { PROTECTED } from '../kubernetes/protection';
import { AccessPoint, accessPointAccount, type AccessPointProps } from './access-point';
import { CentralManager, type CentralManagerProps } from './central-manager';
import type { Experiment } from './config/accounting-groups';
import { Exporter, exporterSecrets, type ExporterProps } from './exporter';
import { Monitoring, type MonitoringProps } from './monitoring';
import { ExecutePool, type ExecutePoolProps } from './execute-pool';
import { metadata } from './metadata';
import { flowPolicies, type DaskFlows, type JobEgress } from './network-policies';
import type { Pool } from './pool';
import { EXECUTE_NAMESPACE, SECRETS } from './release';

/** What every workload of a pool is given. */
type Shared = 'pool' | 'experiments' | 'imagePullSecrets' | 'monitored' | 'hasContainers';

export interface HTCondorProps {
  readonly pool: Pool;
  readonly cluster: ClusterNetwork;
  /** Networks of the nodes. */
  readonly nodeCidrs: readonly string[];
  readonly experiments: readonly Experiment[];
  readonly centralManager: Omit<CentralManagerProps, Shared>;
  /** Their names are unique. */
  readonly accessPoints: readonly Omit<AccessPointProps, Shared>[];
  /** Their names are unique. */
  readonly executePools: readonly (Omit<ExecutePoolProps, Shared | 'cvmfsClaim' | 'experiments'> & {
    /** Experiments whose jobs are taken. @default all */
    readonly startOnly?: readonly string[];
  })[];
  /** Where jobs may go besides the pool. */
  readonly jobEgress: readonly JobEgress[];
  /** Namespace of notebooks, which submit jobs. @default there are none */
  readonly notebooks?: string;
  /** Dask of notebooks whose workers are jobs. @default there is none */
  readonly dask?: DaskFlows;
  /** Storage class of the CVMFS driver. @default jobs have no /cvmfs */
  readonly cvmfsStorageClass?: string;
  /** Tells who asks how the pool is. @default there is none */
  readonly exporter?: Pick<ExporterProps, 'program' | 'placement'> & {
    /** Namespace of KEDA, which asks for the demand. @default nobody does */
    readonly demandReader?: string;
    /** What the Prometheus operator and Grafana are given. @default nothing */
    readonly monitoring?: Pick<MonitoringProps, 'labels' | 'runbooks' | 'operator'>;
  };
  /** @default images are public */
  readonly imagePullSecrets?: readonly string[];
}

/** Claim of all workers on the one volume that shows every repository. */
const CVMFS_CLAIM = 'cvmfs';

/**
 * An HTCondor pool: one central manager, access points, and groups of workers.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/
 */
export class HTCondor extends Construct {
  constructor(scope: Construct, id: string, props: HTCondorProps) {
    super(scope, id);
    const { pool, experiments, imagePullSecrets = [], cvmfsStorageClass } = props;
    const hasContainers = props.executePools.some(({ apptainer }) => apptainer !== undefined);
    const shared = { pool, experiments, imagePullSecrets, monitored: props.exporter !== undefined };

    new CentralManager(this, 'central-manager', { ...props.centralManager, ...shared });

    new k8s.KubeServiceAccount(this, 'access-point-account', accessPointAccount());
    for (const accessPoint of props.accessPoints)
      new AccessPoint(this, `access-point-${accessPoint.name}`, { ...accessPoint, ...shared, hasContainers });

    new k8s.KubeServiceAccount(this, 'execute-account', {
      metadata: metadata({ role: 'execute' }),
      automountServiceAccountToken: false,
    });
    if (cvmfsStorageClass !== undefined)
      new k8s.KubePersistentVolumeClaim(this, 'cvmfs', cvmfsClaim(cvmfsStorageClass));
    for (const { startOnly, ...executePool } of props.executePools)
      new ExecutePool(this, `execute-${executePool.name}`, {
        ...executePool,
        pool,
        imagePullSecrets,
        ...(startOnly ? { experiments: startOnly } : {}),
        ...(cvmfsStorageClass === undefined ? {} : { cvmfsClaim: CVMFS_CLAIM }),
      });

    if (props.exporter) {
      const { monitoring, ...exporter } = props.exporter;
      new Exporter(this, 'exporter', {
        ...exporter,
        ...shared,
        accessPoints: props.accessPoints.map(({ name }) => name),
        executePools: props.executePools.map(({ name, slot, apptainer, startOnly }) => ({
          name,
          slot,
          ...(apptainer ? { apptainer } : {}),
          ...(startOnly ? { experiments: startOnly } : {}),
        })),
      });
      if (monitoring) new Monitoring(this, 'monitoring', { ...monitoring, ...watched(props) });
    }

    const { outside } = props.centralManager;
    const policies = flowPolicies({
      cluster: props.cluster,
      nodeCidrs: props.nodeCidrs,
      issuers: experiments.flatMap(({ issuers }) => issuers),
      ...(outside ? { collectorPort: outside.port } : {}),
      accessPoints: props.accessPoints.map((point) => ({
        name: point.name,
        ...(point.outside ? { port: point.outside.port } : {}),
      })),
      ...(props.notebooks === undefined ? {} : { notebooks: props.notebooks }),
      ...(props.exporter ? { exporter: props.exporter } : {}),
      jobEgress: props.jobEgress,
      ...(props.dask ? { dask: props.dask } : {}),
    });
    for (const policy of policies)
      new k8s.KubeNetworkPolicy(this, `network-policy.${policy.metadata?.name ?? ''}`, policy);
  }
}

/** What alerts know of the pool. */
function watched({ pool, centralManager, accessPoints, executePools }: HTCondorProps) {
  const { method } = pool;
  return {
    standingPools: executePools.filter(({ workers }) => workers > 0).map(({ name }) => name),
    negotiatorIntervalSeconds: centralManager.negotiatorIntervalSeconds,
    tokens: [
      ...(method === 'password' ? [] : [SECRETS.accessPointToken.key, SECRETS.executeToken.key]),
      ...exporterSecrets(method).map(({ secret }) => secret.key),
    ],
    hasCertificates: [centralManager, ...accessPoints].some(({ outside }) => outside !== undefined),
  };
}

/**
 * The driver mounts repositories when they are looked at; the size is a formality, because there is nothing to store.
 *
 * @see https://github.com/cvmfs-contrib/cvmfs-csi
 */
function cvmfsClaim(storageClassName: string): k8s.KubePersistentVolumeClaimProps {
  return {
    metadata: { name: CVMFS_CLAIM, namespace: EXECUTE_NAMESPACE, annotations: PROTECTED },
    spec: {
      accessModes: ['ReadOnlyMany'],
      volumeMode: 'Filesystem',
      storageClassName,
      resources: { requests: { storage: k8s.Quantity.fromString('1') } },
    },
  };
}
