import { k8s } from 'cdk8s-plus-27';
import { nodeTerm, tolerations, type NodeGroup } from '../jupyterhub/placement';
import type { Bytes } from '../kubernetes/quantity';
import { EXECUTOR_ACCOUNT } from './metadata';
import { RELEASE } from './release';

export interface ExecutorPodProps {
  /** Groups of nodes on which executors run; at least one. */
  readonly nodes: readonly NodeGroup[];
  /** Scratch space. */
  readonly disk: Bytes;
  readonly maxAgeSeconds: number;
  /** Names of Secrets in the namespace of the executors. */
  readonly imagePullSecrets: readonly string[];
}

/** Name of the container that Spark fills in. */
export const CONTAINER = 'executor';

/**
 * The pod that Spark starts from for each executor: it adds image, cores, memory, arguments and labels.
 *
 * The deadline is what is left to Kubernetes where a driver has gone without a word: an executor ends by itself when
 * the connection breaks, or when nobody answers its heartbeats.
 *
 * @see https://spark.apache.org/docs/latest/running-on-kubernetes.html#pod-template
 */
export function executorPod(props: ExecutorPodProps): unknown {
  const disk = k8s.Quantity.fromString(props.disk.text);
  const manifest: unknown = k8s.KubePod.manifest({
    spec: {
      serviceAccountName: EXECUTOR_ACCOUNT,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      activeDeadlineSeconds: props.maxAgeSeconds,
      terminationGracePeriodSeconds: 10,
      ...(props.imagePullSecrets.length === 0
        ? {}
        : { imagePullSecrets: props.imagePullSecrets.map((name) => ({ name })) }),
      ...placement(props.nodes),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: RELEASE.user,
        runAsGroup: RELEASE.user,
        // Scratch space belongs to the group.
        fsGroup: RELEASE.user,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: CONTAINER,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          resources: { requests: { 'ephemeral-storage': disk }, limits: { 'ephemeral-storage': disk } },
        },
      ],
    },
  });
  return manifest;
}

function placement(
  nodes: readonly NodeGroup[],
): Pick<k8s.PodSpec, 'nodeSelector' | 'affinity' | 'tolerations'> {
  const [only, second] = nodes;
  const terms = nodes.map(nodeTerm).map(({ matchExpressions }) => ({
    matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
      key,
      operator,
      values: [...values],
    })),
  }));
  return {
    ...(only && second === undefined
      ? { nodeSelector: { ...only.labels } }
      : {
          affinity: {
            nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
          },
        }),
    tolerations: tolerations(nodes),
  };
}
