import { RELEASE as CERT_MANAGER } from '../../lib/cert-manager/release';
import { KEDA as KEDA_RELEASE } from '../../lib/htcondor/release';

/** Everything that the clusters are built from, and nothing else names a version. */
export const VERSIONS = {
  /** Its go.mod also decides which etcd is built. */
  kubernetes: 'v1.36.1',
  kwok: 'v0.8.0',
  /** The newest patch of the release that dist is written for whose parts are all on the module proxy. */
  argocd: 'v3.5.3',
  /** A module inside Argo CD's repository, without tags of its own: the commit of the version above. */
  gitopsEngine: 'v0.0.0-20260914071520-c9c369efcc5b',
  coredns: 'v1.15.0',
  /** That of dist: the stand-ins of its images are built from the same module. */
  certManager: CERT_MANAGER.version,
  /** v6.4.0 needs a module that no proxy has. */
  csiProvisioner: 'v6.3.0',
  csiResizer: 'v2.2.0',
  /** That of the imports, and of what the admin guide says to install. */
  keda: KEDA_RELEASE.version,
} as const;

/** What images of real nodes are made of, besides Go programs. */
export const PACKAGES = {
  /** Debian suite; it also decides which HTCondor, Python and Node.js there is. */
  debian: 'trixie',
  pip: {
    jupyterhub: '5.5.0',
    'jupyterhub-kubespawner': '7.0.0',
    oauthenticator: '17.4.0',
    'jupyterhub-idle-culler': '1.4.0',
    pycurl: '7.47.0',
    jupyterlab: '4.6.6',
    dask: '2026.8.0',
    distributed: '2026.8.0',
    'dask-jobqueue': '0.9.0',
    pyspark: '4.1.4',
  },
  npm: { 'configurable-http-proxy': '5.2.0' },
} as const;

/** Programs of one Go module. */
export interface Build {
  readonly module: string;
  readonly version: string;
  /** Binary to package. */
  readonly programs: Readonly<Record<string, string>>;
  /** Lines of the module's go.mod that name folders or nothing: pattern to what the module proxy has instead. */
  readonly rewrite: readonly (readonly [RegExp, string])[];
  /**
   * Sources of our own, which are compiled in the module: a folder beside this file, and what they need. The name lets
   * them import packages that upstream keeps internal.
   */
  readonly own?: {
    readonly folder: string;
    readonly name: string;
    readonly requires: Readonly<Record<string, string>>;
  };
  /** A folder of definitions in one of the modules, which are kept in a folder of the cache. */
  readonly definitions?: { readonly module: string; readonly folder: string };
  /** Files of the module that a program runs. */
  readonly scripts?: readonly string[];
  /** Other names of a program: one that is many decides by its name what it is. */
  readonly links?: Readonly<Record<string, string>>;
  /** Go variables that are set, so that a program knows its version. */
  readonly variables: Readonly<Record<string, string>>;
}

const ENGINE = 'github.com/argoproj/argo-cd/gitops-engine';
const minor = VERSIONS.kubernetes.replace(/^v1\./, '');
const VERSION_PACKAGE = 'k8s.io/component-base/version';

// Kubernetes names its staging modules by folders that its own module does not carry; the proxy has them as v0.X.Y.
const STAGING: Build['rewrite'] = [
  [/(k8s\.io\/[a-z-]+) => \.\/staging\/src\/\S+/g, `$1 => $1 v0.${minor}`],
  [/^(\tk8s\.io\/[a-z-]+) v0\.0\.0$/gm, `$1 v0.${minor}`],
];

const KUBERNETES: Build = {
  module: 'k8s.io/kubernetes',
  version: VERSIONS.kubernetes,
  own: { folder: 'go-kubectl', name: 'e2e.local/kubectl', requires: {} },
  programs: {
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    'kubectl-loop': '.',
    kubelet: 'k8s.io/kubernetes/cmd/kubelet',
    'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
    etcd: 'go.etcd.io/etcd/server/v3',
  },
  rewrite: STAGING,
  // Without these the server calls itself v0.0.0, and clients that compare versions misbehave.
  variables: {
    [`${VERSION_PACKAGE}.gitVersion`]: VERSIONS.kubernetes,
    [`${VERSION_PACKAGE}.gitMajor`]: '1',
    [`${VERSION_PACKAGE}.gitMinor`]: minor.replace(/\..*/, ''),
    [`${VERSION_PACKAGE}.gitTreeState`]: 'clean',
  },
};

const KWOK: Build = {
  module: 'sigs.k8s.io/kwok',
  version: VERSIONS.kwok,
  programs: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
  rewrite: [],
  variables: {},
};

/** What real nodes need besides: programs that run beside the kubelets, and those that become images. */
const NODE: Build = {
  module: 'k8s.io/kubernetes',
  version: VERSIONS.kubernetes,
  own: {
    folder: 'go-node',
    name: 'github.com/cert-manager/cert-manager/cmd/e2e',
    requires: {
      'github.com/cert-manager/cert-manager': VERSIONS.certManager,
      'github.com/coredns/coredns': VERSIONS.coredns,
      'github.com/kubernetes-csi/external-provisioner/v6': VERSIONS.csiProvisioner,
      'github.com/kubernetes-csi/external-resizer/v2': VERSIONS.csiResizer,
    },
  },
  programs: {
    pause: './pause',
    'csi-folder': './csi-folder',
    coredns: './coredns',
    'cert-manager': './cert-manager',
    edge: './edge',
    'csi-provisioner': 'github.com/kubernetes-csi/external-provisioner/v6/cmd/csi-provisioner',
    'csi-resizer': 'github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer',
  },
  rewrite: STAGING,
  variables: {},
  // The version is that of cert-manager's go.mod.
  definitions: { module: 'sigs.k8s.io/gateway-api', folder: 'config/crd/standard' },
};

/**
 * KEDA's operator, which makes Jobs of ScaledJobs. Neither its metrics server nor its webhooks take part in that.
 * A module of its own, because it wants another release of Kubernetes' libraries.
 */
const KEDA: Build = {
  module: 'github.com/kedacore/keda/v2',
  version: VERSIONS.keda,
  programs: { 'keda-operator': 'github.com/kedacore/keda/v2/cmd/operator' },
  rewrite: [],
  variables: { 'github.com/kedacore/keda/v2/version.Version': VERSIONS.keda.slice(1) },
};

/** A control plane with simulated nodes. */
export const CLUSTER: readonly Build[] = [KUBERNETES, KWOK];

/** The same with real nodes. */
export const REAL_CLUSTER: readonly Build[] = [...CLUSTER, NODE];

/** One program, which is each of the components of Argo CD that the suite runs by its name. */
export const ARGOCD: Build = {
  module: 'github.com/argoproj/argo-cd/v3',
  version: VERSIONS.argocd,
  own: { folder: 'go-argocd', name: 'e2e.local/argocd', requires: {} },
  programs: { argocd: '.' },
  rewrite: [
    [new RegExp(`${ENGINE} => \\./gitops-engine`, 'g'), `${ENGINE} => ${ENGINE} ${VERSIONS.gitopsEngine}`],
  ],
  // The repo server runs it for every revision, whether signatures are asked for or not.
  scripts: ['hack/git-verify-wrapper.sh'],
  links: { 'argocd-application-controller': 'argocd', 'argocd-repo-server': 'argocd' },
  variables: { 'github.com/argoproj/argo-cd/v3/common.version': VERSIONS.argocd.slice(1) },
};

/** What only some suites ask for, and what is built for it: minutes that the others do not take. */
export const EXTRAS = { argocd: [ARGOCD], keda: [KEDA], spark: [] } as const satisfies Readonly<
  Record<string, readonly Build[]>
>;

export type Extra = keyof typeof EXTRAS;
