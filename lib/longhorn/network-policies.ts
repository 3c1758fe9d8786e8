import type { k8s } from 'cdk8s-plus-27';
import { tcp } from '../kubernetes/network-policy';
import { APPS, namespaced } from './metadata';
import { PORTS } from './release';
import { RECOVERY_PODS, WEBHOOK_PODS } from './services';

/** Label by which Longhorn marks the pods that it creates. */
export const COMPONENT = 'longhorn.io/component';

/** Pods on the data path, which talk to each other on thousands of ports. */
export const DATA_PATH = ['backing-image-data-source', 'backing-image-manager', 'instance-manager'];

/**
 * Who may reach the pods that answer without a password: the six policies of the release, equal to
 * upstream's.
 *
 * Policies add up, so none of ours may select these pods for ingress again without thought (see `flows.ts`).
 *
 * @see https://longhorn.io/docs/1.12.1/advanced-resources/security/network-policy/
 */
export function upstreamPolicies(): k8s.KubeNetworkPolicyProps[] {
  return [
    ...DATA_PATH.map((component) =>
      ingress(component, { [COMPONENT]: component }, { from: DATA_PATH_PEERS }),
    ),
    ingress(APPS.manager, { app: APPS.manager }, { from: MANAGER_PEERS }),
    ingress(APPS.recoveryBackend, RECOVERY_PODS, {
      from: [peer({ [COMPONENT]: 'share-manager' })],
      ports: [tcp(PORTS.recoveryBackend)],
    }),
    // From anywhere: where the API server's requests seem to come from differs from cluster to cluster.
    ingress('longhorn-webhook', WEBHOOK_PODS, {
      ports: [tcp(PORTS.conversionWebhook), tcp(PORTS.admissionWebhook)],
    }),
  ];
}

const DATA_PATH_PEERS: k8s.NetworkPolicyPeer[] = [
  peer({ app: APPS.manager }),
  peer({ [COMPONENT]: 'instance-manager' }),
  peer({ [COMPONENT]: 'backing-image-manager' }),
  peer({ [COMPONENT]: 'backing-image-data-source' }),
];

const MANAGER_PEERS: k8s.NetworkPolicyPeer[] = [
  peer({ app: APPS.manager }),
  peer({ app: APPS.ui }),
  peer({ app: APPS.csiPlugin }),
  {
    podSelector: {
      matchLabels: { 'longhorn.io/managed-by': APPS.manager },
      matchExpressions: [{ key: 'recurring-job.longhorn.io', operator: 'Exists' }],
    },
  },
  { podSelector: { matchExpressions: [{ key: 'longhorn.io/job-task', operator: 'Exists' }] } },
  peer({ app: APPS.driverDeployer }),
];

function ingress(
  name: string,
  pods: Record<string, string>,
  rule: k8s.NetworkPolicyIngressRule,
): k8s.KubeNetworkPolicyProps {
  return {
    metadata: namespaced(name),
    spec: { podSelector: { matchLabels: { ...pods } }, policyTypes: ['Ingress'], ingress: [rule] },
  };
}

function peer(matchLabels: Record<string, string>): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels } };
}
