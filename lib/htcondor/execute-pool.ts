import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { ScaledJob } from '../../imports/keda.sh';
import { commonConfig } from './config/common';
import { apptainerSettings, containersConfig } from './config/containers';
import { executeConfig } from './config/execute';
import { gpuConfig } from './config/gpu';
import { EXTRA_WORKER, extraWorkers, type ExtraWorkers } from './extra-workers';
import { CENTRAL_MANAGER, metadata, selector, serviceHost, type Member } from './metadata';
import { configMap, disruptionBudget } from './objects';
import type { Placement } from './pod';
import type { Pool } from './pool';
import { CONTAINERS_CONFIG } from './release';
import { APPTAINER_SETTINGS, workerPod, type Slot } from './worker-pod';

export interface ExecutePoolProps {
  readonly name: string;
  readonly pool: Pool;
  readonly slot: Slot;
  readonly placement: Placement;
  /** Workers that are always there. */
  readonly workers: number;
  /** Workers that come for idle jobs and leave when they have none. @default there are none */
  readonly extra?: ExtraWorkers;
  /** Seconds that a worker which must go waits for its jobs. */
  readonly drainSeconds: number;
  readonly imagePullSecrets: readonly string[];
  /** Image made from upstream's, with what jobs need besides. @default upstream's */
  readonly image?: string;
  /** Experiments whose jobs are taken. @default all */
  readonly experiments?: readonly string[];
  /** Claim on the volume of the CVMFS driver. @default there is no /cvmfs */
  readonly cvmfsClaim?: string;
  /**
   * Lets jobs run in containers, with a seccomp profile that the nodes have, below the seccomp folder of the kubelet.
   *
   * @default they cannot
   */
  readonly apptainer?: { readonly seccompProfile: string };
}

/** After the last job: deregistering and ending the master. */
const EXIT_SECONDS = 60;

/**
 * A group of identical workers: some that are always there, and some that come with the demand.
 *
 * The first are a Deployment and not a StatefulSet, because workers have nothing to keep, and a set would wait for each
 * to drain before it replaced the next. The selector pins a GPU pool to nodes of one model, so that a job that matched
 * an A100 never starts on another card.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/ep-policy-configuration.html
 */
export class ExecutePool extends Construct {
  constructor(scope: Construct, id: string, props: ExecutePoolProps) {
    super(scope, id);
    const { pool, slot, extra, cvmfsClaim, apptainer } = props;
    const mountsCvmfs = cvmfsClaim !== undefined;
    const member: Member = { role: 'execute', name: props.name };
    const gracePeriodSeconds = props.drainSeconds + EXIT_SECONDS;
    const config = {
      '10-common.conf': commonConfig({
        ...pool,
        collector: serviceHost(CENTRAL_MANAGER, pool.clusterDomain),
      }),
      '20-execute.conf': executeConfig({
        pool: props.name,
        cpus: slot.cpus,
        disk: slot.disk,
        gpus: slot.gpus !== undefined,
        mountsCvmfs,
        ...(props.experiments ? { experiments: props.experiments } : {}),
      }),
      ...(slot.gpus ? { '40-gpu.conf': gpuConfig() } : {}),
      ...(apptainer ? { [CONTAINERS_CONFIG]: containersConfig({ mountsCvmfs }) } : {}),
    };
    const settings = apptainerSettings();
    const containers = apptainer && { ...apptainer, settings };
    const worker = { ...props, member, gracePeriodSeconds, method: pool.method, config, containers };

    new k8s.KubeConfigMap(this, 'config', configMap(member, '-config', config));
    if (apptainer)
      new k8s.KubeConfigMap(
        this,
        'apptainer',
        configMap(member, '-apptainer', { [APPTAINER_SETTINGS]: settings }),
      );
    // A budget that counts no pods only worries whoever reads its status.
    if (props.workers > 0)
      new k8s.KubePodDisruptionBudget(
        this,
        'disruption-budget',
        disruptionBudget(member, extra ? [{ key: EXTRA_WORKER, operator: 'DoesNotExist' }] : []),
      );
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: metadata(member),
      spec: {
        replicas: props.workers,
        revisionHistoryLimit: 2,
        selector: { matchLabels: selector(member) },
        // No worker more than there is room for; a draining one may take as long as it may take.
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: {
            maxSurge: k8s.IntOrString.fromNumber(0),
            maxUnavailable: k8s.IntOrString.fromNumber(1),
          },
        },
        progressDeadlineSeconds: gracePeriodSeconds + 600,
        template: workerPod(worker),
      },
    });
    if (extra)
      new ScaledJob(
        this,
        'scaled-job',
        extraWorkers({
          member,
          most: extra.most,
          clusterDomain: pool.clusterDomain,
          pod: workerPod({ ...worker, idleSeconds: extra.idleSeconds }),
        }),
      );
  }
}
