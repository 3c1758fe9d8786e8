import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { PROTECTED } from '../kubernetes/protection';
import { wave } from '../kubernetes/wave';
import { APPLICATION_HEALTH } from './application-health';

export interface ConfigurationProps {
  readonly namespace: string;
  /** Groups whose members may do everything in Argo CD. */
  readonly adminGroups: readonly string[];
}

/** Kinds that controllers make by the thousand and that are never in git: watching them only costs. */
const EXCLUDED: readonly { readonly apiGroups: readonly string[]; readonly kinds: readonly string[] }[] = [
  { apiGroups: ['', 'discovery.k8s.io'], kinds: ['Endpoints', 'EndpointSlice'] },
  { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'] },
  {
    apiGroups: ['authentication.k8s.io', 'authorization.k8s.io'],
    kinds: [
      'SelfSubjectReview',
      'TokenReview',
      'LocalSubjectAccessReview',
      'SelfSubjectAccessReview',
      'SelfSubjectRulesReview',
      'SubjectAccessReview',
    ],
  },
  { apiGroups: ['certificates.k8s.io'], kinds: ['CertificateSigningRequest'] },
  { apiGroups: ['cert-manager.io'], kinds: ['CertificateRequest'] },
  { apiGroups: ['cilium.io'], kinds: ['CiliumIdentity', 'CiliumEndpoint', 'CiliumEndpointSlice'] },
  {
    apiGroups: ['kyverno.io', 'reports.kyverno.io', 'wgpolicyk8s.io'],
    kinds: [
      'PolicyReport',
      'ClusterPolicyReport',
      'EphemeralReport',
      'ClusterEphemeralReport',
      'AdmissionReport',
      'ClusterAdmissionReport',
      'BackgroundScanReport',
      'ClusterBackgroundScanReport',
      'UpdateRequest',
    ],
  },
  {
    apiGroups: ['longhorn.io'],
    kinds: [
      'Backup',
      'BackupVolume',
      'Engine',
      'EngineImage',
      'InstanceManager',
      'Orphan',
      'Replica',
      'ShareManager',
      'Snapshot',
      'Volume',
    ],
  },
];

/**
 * The keys of Argo CD's own ConfigMaps that are ours. Server-side apply leaves all others alone.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/argocd-cm-yaml/
 */
export class Configuration extends Construct {
  constructor(scope: Construct, id: string, { namespace, adminGroups }: ConfigurationProps) {
    super(scope, id);
    const metadata = (name: string) => ({
      name,
      namespace,
      // Argo CD reads only ConfigMaps with this label.
      labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'argocd' },
      annotations: { ...wave(-40), ...PROTECTED },
    });
    new k8s.KubeConfigMap(this, 'argocd-cm', {
      metadata: metadata('argocd-cm'),
      data: {
        'application.resourceTrackingMethod': 'annotation',
        'resource.customizations.health.argoproj.io_Application': APPLICATION_HEALTH,
        'resource.exclusions': exclusions(),
      },
    });
    new k8s.KubeConfigMap(this, 'argocd-rbac-cm', {
      metadata: metadata('argocd-rbac-cm'),
      data: {
        'policy.csv': adminGroups.map((group) => `g, ${group}, role:admin\n`).join(''),
        // Whoever is in no group may see nothing.
        'policy.default': '',
        scopes: '[groups]',
      },
    });
  }
}

/** Lists as YAML text, one entry a line, because Argo CD wants the whole of it as one string. */
function exclusions(): string {
  const flow = (items: readonly string[]) =>
    `[${items.map((item) => (item === '' ? "''" : item)).join(', ')}]`;
  return EXCLUDED.map(
    ({ apiGroups, kinds }) => `- apiGroups: ${flow(apiGroups)}\n  kinds: ${flow(kinds)}\n`,
  ).join('');
}
