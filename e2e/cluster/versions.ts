import { RELEASE as CERT_MANAGER } from '../../lib/cert-manager/release';
import { KEDA as KEDA_RELEASE } from '../../lib/htcondor/release';

/** Everything that the clusters are built from, and nothing else names a version. */
export const VERSIONS = {
  /** Its go.mod also decides which etcd is built, and most of what the others are built from. */
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

const minor = VERSIONS.kubernetes.replace(/^v1\./, '');
const VERSION_PACKAGE = 'k8s.io/component-base/version';

/** Modules of others, of which programs are compiled in one Go module of ours. */
export interface ModuleGraph {
  /** The path of our module: what is below that of another may import what the other keeps internal. */
  readonly name: string;
  /**
   * Module to version. The go.mod of the first is that of our module, and it decides the version of whatever it names:
   * so the first is built from what its upstream has tried, and the others from the same.
   */
  readonly modules: Readonly<Record<string, string>>;
  /** Lines of that go.mod that name folders or nothing: pattern to what the module proxy has instead. */
  readonly rewrite: readonly (readonly [RegExp, string])[];
  /** Modules which the first names, but in a version that is too old for another. */
  readonly newer: readonly string[];
  /** Modules which the first does not name, and whose newest version is too new for one of the others. */
  readonly held: Readonly<Record<string, string>>;
  /** Go variables that are set, so that a program knows its version. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Programs that are asked for together. */
export interface Build {
  readonly graph: ModuleGraph;
  /** Binary to package; `./` is a folder of `go/`, sources of our own. */
  readonly programs: Readonly<Record<string, string>>;
  /** A folder of definitions in one of the modules, which are kept in a folder of the cache. */
  readonly definitions?: { readonly module: string; readonly folder: string };
  /** Files of one of the modules that a program runs. */
  readonly scripts?: { readonly module: string; readonly files: readonly string[] };
  /** Other names of a program: one that is many decides by its name what it is. */
  readonly links?: Readonly<Record<string, string>>;
}

/**
 * All in one graph, because a package that several programs use is compiled once then. In graphs of their own they would share
 * little, as hardly two of these modules name the same versions: it would be two thirds more to compile.
 */
const GRAPH: ModuleGraph = {
  name: 'github.com/cert-manager/cert-manager/cmd/e2e',
  modules: {
    'k8s.io/kubernetes': VERSIONS.kubernetes,
    'sigs.k8s.io/kwok': VERSIONS.kwok,
    'github.com/argoproj/argo-cd/v3': VERSIONS.argocd,
    'github.com/cert-manager/cert-manager': VERSIONS.certManager,
    'github.com/coredns/coredns': VERSIONS.coredns,
    'github.com/kubernetes-csi/external-provisioner/v6': VERSIONS.csiProvisioner,
    'github.com/kubernetes-csi/external-resizer/v2': VERSIONS.csiResizer,
    'github.com/kedacore/keda/v2': VERSIONS.keda,
  },
  // Kubernetes names its staging modules by folders that its own module does not carry; the proxy has them as v0.X.Y.
  rewrite: [
    [/(k8s\.io\/[a-z-]+) => \.\/staging\/src\/\S+/g, `$1 => $1 v0.${minor}`],
    [/^(\tk8s\.io\/[a-z-]+) v0\.0\.0$/gm, `$1 v0.${minor}`],
  ],
  newer: ['golang.org/x/oauth2'],
  held: {
    // Argo CD names it by a folder.
    'github.com/argoproj/argo-cd/gitops-engine': VERSIONS.gitopsEngine,
    // KEDA wants the old one. Argo CD's new one is for its command line.
    'github.com/olekukonko/tablewriter': 'v0.0.5',
    // They go with the OpenTelemetry that Kubernetes names.
    'go.opentelemetry.io/contrib/detectors/gcp': 'v1.40.0',
    'go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc': 'v1.40.0',
    'go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp': 'v1.40.0',
    'go.opentelemetry.io/otel/sdk/metric': 'v1.40.0',
  },
  variables: {
    // Without these the API server calls itself v0.0.0, and clients that compare versions misbehave.
    [`${VERSION_PACKAGE}.gitVersion`]: VERSIONS.kubernetes,
    [`${VERSION_PACKAGE}.gitMajor`]: '1',
    [`${VERSION_PACKAGE}.gitMinor`]: minor.replace(/\..*/, ''),
    [`${VERSION_PACKAGE}.gitTreeState`]: 'clean',
    'github.com/argoproj/argo-cd/v3/common.version': VERSIONS.argocd.slice(1),
    'github.com/kedacore/keda/v2/version.Version': VERSIONS.keda.slice(1),
  },
};

/** A control plane with simulated nodes. */
export const CLUSTER: Build = {
  graph: GRAPH,
  programs: {
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    'kubectl-loop': './kubectl-loop',
    etcd: 'go.etcd.io/etcd/server/v3',
    kwok: 'sigs.k8s.io/kwok/cmd/kwok',
  },
};

/** What real nodes need besides: programs that run beside the kubelets, and those that become images. */
export const NODE: Build = {
  graph: GRAPH,
  programs: {
    kubelet: 'k8s.io/kubernetes/cmd/kubelet',
    'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
    pause: './pause',
    'csi-folder': './csi-folder',
    coredns: './coredns',
    'cert-manager': './cert-manager',
    edge: './edge',
    'csi-provisioner': 'github.com/kubernetes-csi/external-provisioner/v6/cmd/csi-provisioner',
    'csi-resizer': 'github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer',
  },
  definitions: { module: 'sigs.k8s.io/gateway-api', folder: 'config/crd/standard' },
};

/** KEDA's operator, which makes Jobs of ScaledJobs. Neither its metrics server nor its webhooks take part in that. */
const KEDA: Build = {
  graph: GRAPH,
  programs: { 'keda-operator': 'github.com/kedacore/keda/v2/cmd/operator' },
};

/** One program, which is each of the components of Argo CD that the suite runs by its name. */
export const ARGOCD: Build = {
  graph: GRAPH,
  programs: { argocd: './argocd' },
  // The repo server runs it for every revision, whether signatures are asked for or not.
  scripts: { module: 'github.com/argoproj/argo-cd/v3', files: ['hack/git-verify-wrapper.sh'] },
  links: { 'argocd-application-controller': 'argocd', 'argocd-repo-server': 'argocd' },
};

/** What only some suites ask for, and what is built for it: minutes that the others do not take. */
export const EXTRAS = { argocd: [ARGOCD], keda: [KEDA], spark: [] } as const satisfies Readonly<
  Record<string, readonly Build[]>
>;

export type Extra = keyof typeof EXTRAS;
