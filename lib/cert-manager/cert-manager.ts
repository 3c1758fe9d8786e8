import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import type { AcmeNeeds } from './acme';
import { container } from './containers';
import { NetworkPolicies } from './network-policies';
import { PROGRAMS, selector, WEBHOOK, type Program, type Workload } from './program';
import { Rbac } from './rbac';
import { NAMESPACE, RELEASE } from './release';
import { WebhookConfigurations } from './webhook-configurations';

export interface CertManagerProps {
  readonly cluster: ClusterNetwork;
  readonly controller: Workload;
  readonly cainjector: Workload;
  /** The API server refuses every issuer and certificate while no replica of it answers. */
  readonly webhook: Workload;
  /** Follows from the issuers: `acmeNeeds` in `lib/certificates`. */
  readonly acme: AcmeNeeds;
  /**
   * Namespaces of the pods that answer port 80 for the site's hosts, for the self check of HTTP-01. A Service's
   * address is turned into a pod's before policies are matched, so a public address is not enough here.
   *
   * @default the front is outside the cluster, or on the nodes' network
   */
  readonly frontNamespaces?: readonly string[];
  /**
   * Networks of private addresses, in CIDR notation, with an ACME server, a nameserver or the site's own front.
   *
   * @default all of these have public addresses
   */
  readonly privateNetworks?: readonly string[];
  /** Names of Secrets in the namespace `cert-manager`. @default images are pulled without credentials */
  readonly imagePullSecrets?: readonly string[];
}

/**
 * The workloads of cert-manager, without CRDs and without issuers: those live in Argo CD applications of their
 * own, before and after this one, because the webhook must answer before an issuer can be stored.
 *
 * Left out of upstream's manifest is the start-up check, a Helm hook that would hold up a sync.
 *
 * @see https://cert-manager.io/docs/installation/best-practice/
 */
export class CertManager extends Construct {
  constructor(scope: Construct, id: string, props: CertManagerProps) {
    super(scope, id);

    new Rbac(this, 'rbac');
    new WebhookConfigurations(this, 'webhook-configurations');
    new NetworkPolicies(this, 'network-policies', props);
    for (const program of PROGRAMS) {
      const metadata = { name: program.name, namespace: NAMESPACE, labels: program.labels };
      new k8s.KubeService(this, `service-${program.key}`, { metadata, spec: service(program) });
      new k8s.KubeDeployment(this, `deployment-${program.key}`, {
        metadata,
        spec: deployment(program, props),
      });
      if (props[program.key].replicas > 1) {
        new k8s.KubePodDisruptionBudget(this, `disruption-budget-${program.key}`, {
          metadata,
          spec: {
            selector: { matchLabels: selector(program) },
            maxUnavailable: k8s.IntOrString.fromNumber(1),
          },
        });
      }
    }
  }
}

function service(program: Program): k8s.ServiceSpec {
  const metrics = { port: RELEASE.ports.metrics, protocol: 'TCP', targetPort: named('http-metrics') };
  const https = { port: RELEASE.ports.webhookService, protocol: 'TCP', targetPort: named('https') };
  return {
    type: 'ClusterIP',
    selector: selector(program),
    ports:
      program === WEBHOOK
        ? [
            { name: 'https', ...https },
            { name: 'metrics', ...metrics },
          ]
        : [{ name: 'http-metrics', ...metrics }],
  };
}

function deployment(program: Program, props: CertManagerProps): k8s.DeploymentSpec {
  const { replicas, resources } = props[program.key];
  return {
    replicas,
    selector: { matchLabels: selector(program) },
    template: {
      metadata: {
        labels: program.labels,
        annotations: {
          'prometheus.io/path': '/metrics',
          'prometheus.io/scrape': 'true',
          'prometheus.io/port': String(RELEASE.ports.metrics),
        },
      },
      spec: {
        serviceAccountName: program.name,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        containers: [container(program, resources, props.acme.gatewayApi)],
        ...(replicas > 1 ? { topologySpreadConstraints: [acrossNodes(program)] } : {}),
        ...(props.imagePullSecrets
          ? { imagePullSecrets: props.imagePullSecrets.map((name) => ({ name })) }
          : {}),
      },
    },
  };
}

/** A wish, not a condition: a site with one node left must still start the webhook. */
function acrossNodes(program: Program): k8s.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selector(program) },
  };
}

function named(port: string): k8s.IntOrString {
  return k8s.IntOrString.fromString(port);
}
