import { k8s } from 'cdk8s-plus-27';
import {
  ScaledJobSpecRolloutStrategy,
  ScaledJobSpecScalingStrategyStrategy,
  type ScaledJobProps,
} from '../../imports/keda.sh';
import { EXPORTER_MEMBER, metadata, serviceHost, type Member } from './metadata';
import { EXPORTER } from './release';

/** Workers that come for idle jobs. */
export interface ExtraWorkers {
  /** How many there are at a time at most. */
  readonly most: number;
  /** Seconds without a job after which one leaves. */
  readonly idleSeconds: number;
}

export interface ExtraWorkersProps {
  readonly member: Member;
  readonly most: number;
  /** DNS domain of the cluster, `cluster.local`. */
  readonly clusterDomain: string;
  /** A worker that leaves by itself. */
  readonly pod: k8s.PodTemplateSpec;
}

/** Label of a worker that comes and goes. */
export const EXTRA_WORKER = 'analysis-facility/extra-worker';

/** How soon idle jobs are seen: less than a round of the negotiator, which must refuse them first. */
const POLLING_SECONDS = 15;

/** Ended Jobs that are kept, with the logs of their pods, for who asks what became of a worker. */
const HISTORY = { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3 };

/**
 * A Job for each worker that idle jobs need, as many as there may be.
 *
 * Nothing here ends a worker: it leaves by itself when it has no job, which completes its Job. A change of this object
 * leaves those that run as they are (`gradual`), and so does an unreadable demand. The demand is what no worker of the
 * pool can take now; one that has been started and is not ready yet is subtracted from it (`accurate`).
 *
 * @see https://keda.sh/docs/2.20/reference/scaledjob-spec/
 * @see https://keda.sh/docs/2.20/scalers/metrics-api/
 */
export function extraWorkers({ member, most, clusterDomain, pod }: ExtraWorkersProps): ScaledJobProps {
  const exporter = serviceHost(EXPORTER_MEMBER, clusterDomain);
  return {
    metadata: metadata(member, '-extra'),
    spec: {
      pollingInterval: POLLING_SECONDS,
      minReplicaCount: 0,
      maxReplicaCount: most,
      ...HISTORY,
      rollout: { strategy: ScaledJobSpecRolloutStrategy.GRADUAL },
      scalingStrategy: {
        strategy: ScaledJobSpecScalingStrategyStrategy.ACCURATE,
        pendingPodConditions: ['Ready'],
      },
      triggers: [
        {
          type: 'metrics-api',
          metadata: {
            url: `http://${exporter}:${String(EXPORTER.port)}${EXPORTER.demandPath}`,
            valueLocation: `pools.${pathKey(member.name ?? '')}.workers`,
            targetValue: '1',
            activationTargetValue: '0',
          },
        },
      ],
      jobTargetRef: {
        ...k8s.toJson_JobSpec({ backoffLimit: 0, template: whichEnds(pod) }),
        // A worker that drains on a node that goes is still there: without this the Job would fail at once.
        podReplacementPolicy: 'Failed',
      },
    },
  };
}

/** A key in a path of the scaler: all but letters, digits, `_` and `-` may mean something there. */
export function pathKey(name: string): string {
  return name.replaceAll(/[^\w-]/g, (letter) => `\\${letter}`);
}

function whichEnds({ metadata: about, spec }: k8s.PodTemplateSpec): k8s.PodTemplateSpec {
  return {
    metadata: {
      ...about,
      labels: { ...about?.labels, [EXTRA_WORKER]: 'true' },
      annotations: {
        ...about?.annotations,
        // The cluster autoscaler cuts a drain after ten minutes; the worker goes by itself anyway.
        'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
      },
    },
    ...(spec ? { spec: { ...spec, restartPolicy: 'Never' } } : {}),
  };
}
