import type { PodEnd } from './flows';
import type { KubernetesObject } from './object';

/** A policy that lets everything in and out of a pod that is not the facility's own. */
export function openPod({ namespace, labels }: PodEnd): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'open', namespace },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{}],
      egress: [{}],
    },
  };
}
