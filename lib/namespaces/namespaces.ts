import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { PROTECTED } from '../kubernetes/protection';

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurityLevel = 'restricted' | 'baseline' | 'privileged';

export interface FacilityNamespace {
  readonly name: string;
  /** Level that the API server enforces. */
  readonly podSecurity: PodSecurityLevel;
  /**
   * Why the pods need more than `restricted`; it becomes an annotation, so that a reviewer reads it where the level is.
   *
   * @default none is given, which only `restricted` may do
   */
  readonly reason?: string;
  /**
   * What its pods may ask for in all, by the names of a ResourceQuota. It is here because workloads must not be able to
   * lift their own limits.
   *
   * @default as much as there is
   */
  readonly quota?: Readonly<Record<string, string>>;
  /**
   * What one container may be at most, and is where it does not say, by the names of a LimitRange.
   *
   * @default as large as a node
   */
  readonly containers?: {
    readonly max: Readonly<Record<string, string>>;
    readonly limit: Readonly<Record<string, string>>;
    readonly request: Readonly<Record<string, string>>;
  };
}

export interface NamespacesProps {
  readonly namespaces: readonly FacilityNamespace[];
  /** Minor version of the cluster, `1.34`: the rules of a level must not change with an upgrade. */
  readonly kubernetesVersion: string;
}

/**
 * Every namespace of the facility, with its Pod Security level and a network policy that closes it.
 *
 * They are one component, so that no other can delete a namespace with everything in it.
 *
 * @see https://github.com/argoproj/argo-cd/issues/7875
 */
export class Namespaces extends Construct {
  constructor(scope: Construct, id: string, props: NamespacesProps) {
    super(scope, id);
    for (const namespace of props.namespaces) {
      new k8s.KubeNamespace(this, namespace.name, {
        metadata: {
          name: namespace.name,
          labels: podSecurityLabels(namespace.podSecurity, props.kubernetesVersion),
          annotations: { ...PROTECTED, ...reasonAnnotation(namespace) },
        },
      });
      new k8s.KubeNetworkPolicy(this, `${namespace.name}-default-deny`, {
        metadata: { name: 'default-deny', namespace: namespace.name },
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      });
      if (namespace.quota) {
        new k8s.KubeResourceQuota(this, `${namespace.name}-quota`, {
          metadata: { name: 'quota', namespace: namespace.name },
          spec: { hard: quantities(namespace.quota) },
        });
      }
      if (namespace.containers) {
        const { max, limit, request } = namespace.containers;
        new k8s.KubeLimitRange(this, `${namespace.name}-containers`, {
          metadata: { name: 'containers', namespace: namespace.name },
          spec: {
            // All three are stated, because the API server would fill in what is not.
            limits: [
              {
                type: 'Container',
                max: quantities(max),
                default: quantities(limit),
                defaultRequest: quantities(request),
              },
            ],
          },
        });
      }
    }
  }
}

function podSecurityLabels(level: PodSecurityLevel, version: string): Record<string, string> {
  const modes = ['enforce', 'audit', 'warn'];
  return Object.fromEntries(
    modes.flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, `v${version}`],
    ]),
  );
}

function quantities(quota: Readonly<Record<string, string>>): Record<string, k8s.Quantity> {
  return Object.fromEntries(
    Object.entries(quota).map(([resource, amount]) => [resource, k8s.Quantity.fromString(amount)]),
  );
}

function reasonAnnotation({ name, podSecurity, reason }: FacilityNamespace): Record<string, string> {
  if (podSecurity !== 'restricted' && reason === undefined) {
    throw new Error(`namespace ${name}: the level ${podSecurity} needs a reason`);
  }
  return reason === undefined ? {} : { 'analysis-facility/pod-security-reason': reason };
}
