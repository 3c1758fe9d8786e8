import { stringify } from 'yaml';
import { PROTECTED } from '../kubernetes/protection';
import { RELEASE } from './release';

/** The part of a kustomization file that we use. */
export interface Kustomization {
  readonly apiVersion: 'kustomize.config.k8s.io/v1beta1';
  readonly kind: 'Kustomization';
  readonly resources: readonly string[];
  readonly patches: readonly { readonly target: { readonly kind: string }; readonly patch: string }[];
  readonly commonAnnotations: Readonly<Record<string, string>>;
}

/** Kinds of the release's one file that are not CRDs. A kind that a later release adds must be added here. */
const OTHER_KINDS = [
  'Namespace',
  'PriorityClass',
  'NetworkPolicy',
  'ServiceAccount',
  'ConfigMap',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Deployment',
];

/**
 * Longhorn's CRDs, taken from upstream at the pinned commit.
 *
 * Upstream ships them in one file with everything else, so all other kinds are deleted again. The AppProject
 * `crds` admits CRDs only: a kind that slips through fails the sync instead of being applied.
 *
 * `ServerSideApply` because a CRD is longer than the annotation that a client-side apply writes.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
 */
export function crdsKustomization(): Kustomization {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [
      `https://raw.githubusercontent.com/${RELEASE.repository}/${RELEASE.commit}/${RELEASE.manifest}`,
    ],
    // The parentheses matter: Kustomize anchors the expression as a whole, and an open alternative would
    // match within names.
    patches: [{ target: { kind: `(${OTHER_KINDS.join('|')})` }, patch: DELETE }],
    commonAnnotations: syncOptions(),
  };
}

/** Kustomize wants kind and name in any patch; the target decides what it applies to. */
const DELETE = stringify({ $patch: 'delete', apiVersion: 'v1', kind: 'Any', metadata: { name: 'any' } });

function syncOptions(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PROTECTED).map(([key, options]) => [key, `${options},ServerSideApply=true`]),
  );
}
