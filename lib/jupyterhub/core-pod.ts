import type { k8s } from 'cdk8s-plus-27';
import { nodeTerm, tolerations, type NodeGroup, type NodeTerm } from './placement';

/** Taint and label of nodes that z2jh's manual keeps for hub and proxy: clusters that had it have both. */
const DEDICATED: k8s.Toleration = {
  key: 'hub.jupyter.org/dedicated',
  operator: 'Equal',
  value: 'core',
  effect: 'NoSchedule',
};
const PURPOSE: NodeTerm = {
  matchExpressions: [{ key: 'hub.jupyter.org/node-purpose', operator: 'In', values: ['core'] }],
};

/** What pods of hub, proxy and scheduler have in common: a wish for the core nodes, and registry credentials. */
export function corePod(props: {
  readonly coreNodes: readonly NodeGroup[];
  readonly imagePullSecrets: readonly string[];
}): Pick<k8s.PodSpec, 'enableServiceLinks' | 'tolerations' | 'affinity' | 'imagePullSecrets'> {
  const { coreNodes, imagePullSecrets } = props;
  return {
    enableServiceLinks: false,
    tolerations: [DEDICATED, ...tolerations(coreNodes)],
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [PURPOSE, ...coreNodes.map(nodeTerm)].map(preferred),
      },
    },
    ...(imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
  };
}

function preferred({ matchExpressions }: NodeTerm): k8s.PreferredSchedulingTerm {
  return {
    weight: 100,
    preference: { matchExpressions: matchExpressions.map((each) => ({ ...each, values: [...each.values] })) },
  };
}

/**
 * Ready as soon as it answers. It is restarted only after five minutes without an answer, and not before it had time to
 * start: the hub answers once it has looked at every server, which takes long after an upgrade of its database.
 */
export function probes(
  httpGet: k8s.HttpGetAction,
  startSeconds: number,
): Pick<k8s.Container, 'livenessProbe' | 'readinessProbe'> {
  return {
    livenessProbe: {
      httpGet,
      initialDelaySeconds: startSeconds,
      periodSeconds: 10,
      failureThreshold: 30,
      timeoutSeconds: 3,
    },
    readinessProbe: {
      httpGet,
      initialDelaySeconds: 0,
      periodSeconds: 2,
      failureThreshold: 1000,
      timeoutSeconds: 1,
    },
  };
}
