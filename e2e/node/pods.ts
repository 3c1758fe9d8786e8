import type { KubernetesObject } from '../../lib/kubernetes/object';
import type { Site } from '../../lib/site/schema';
import { TOOLS } from '../cluster/images/table';
import { mustKubectl } from '../cluster/kubectl';
import type { NetworkPlan } from '../cluster/network';

/** Small objects of the suite's own. */

/** Namespace of what is tried besides dist. */
export const OWN = 'e2e-own';

/** A cluster with the dist of a site. */
export interface Running {
  readonly site: Site;
  readonly dist: readonly KubernetesObject[];
  /** Known once the cluster is up. */
  readonly network: () => NetworkPlan;
}

export interface ProbePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Ports that it says to have; nobody listens. */
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly node?: string;
  readonly spec?: object;
  readonly container?: object;
}

/** A pod that sleeps, and that every Pod Security level and quota admits. */
export function probePod({ namespace, name, labels, ports, node, spec, container }: ProbePod): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: { ...labels, 'e2e/probe': name } },
    spec: {
      ...(node === undefined ? {} : { nodeName: node }),
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...spec,
      containers: [
        {
          name: 'probe',
          image: TOOLS,
          ports: ports ?? [],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          resources: { requests: { cpu: '1m', memory: '16Mi' }, limits: { memory: '256Mi' } },
          ...container,
        },
      ],
    },
  };
}

export const namespace = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { ...labels, 'e2e/suite': 'node' } },
});

export function waitReady(space: string, selector: string, seconds = 120): void {
  mustKubectl([
    'wait',
    '--for=condition=Ready',
    'pod',
    `--selector=${selector}`,
    `--namespace=${space}`,
    `--timeout=${String(seconds)}s`,
  ]);
}
