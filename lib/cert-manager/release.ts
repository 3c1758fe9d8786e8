/**
 * The one place that says which cert-manager a site runs.
 *
 * CRDs are applied from upstream's git at this commit, workloads from here: both must move together.
 *
 * @see https://cert-manager.io/docs/releases/
 */

const VERSION = 'v1.21.1';

const image = (program: string) => `quay.io/jetstack/cert-manager-${program}:${VERSION}`;

/** Also where ClusterIssuers look for their Secrets. */
export const NAMESPACE = 'cert-manager';

export const RELEASE = {
  version: VERSION,
  /** The commit that the tag names: a tag can be moved, a commit cannot. */
  commit: '24e33194fb39488eff2bbf10c6dc640f407cad44',
  crds: {
    repoURL: 'https://github.com/cert-manager/cert-manager',
    path: 'deploy/crds',
    include: '{acme.cert-manager.io_*.yaml,cert-manager.io_*.yaml}',
  },
  images: {
    controller: image('controller'),
    cainjector: image('cainjector'),
    webhook: image('webhook'),
    acmesolver: image('acmesolver'),
  },
  ports: {
    metrics: 9402,
    controllerHealth: 9403,
    webhook: 10250,
    webhookHealth: 6080,
    webhookService: 443,
  },
} as const;
