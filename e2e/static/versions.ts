import type { Build } from '../cluster/versions';

/** The tools that read dist without a cluster, and nothing else names their versions. promtool is Debian's. */
export const VERSIONS = {
  kubectlValidate: 'v0.0.4',
  kubeScore: 'v1.20.0',
  actionlint: 'v1.7.12',
  /** Definitions of routes, which the cluster has where a site enters through a Gateway; dist never holds them. */
  gatewayApi: 'v1.6.3',
} as const;

/** For each Kubernetes minor release that a site may name, the patch whose API description is taken. */
export const API_DESCRIPTIONS: Readonly<Record<string, string>> = {
  '1.25': 'v1.25.16',
  '1.26': 'v1.26.15',
  '1.27': 'v1.27.16',
  '1.28': 'v1.28.15',
  '1.29': 'v1.29.15',
  '1.30': 'v1.30.14',
  '1.31': 'v1.31.14',
  '1.32': 'v1.32.13',
  '1.33': 'v1.33.13',
  '1.34': 'v1.34.4',
  '1.35': 'v1.35.4',
  '1.36': 'v1.36.3',
};

/** Each in a graph of its own: they are written for releases of Kubernetes' libraries whose interfaces newer ones have changed. */
const tool = (program: string, module: string, version: string, source: string): Build => ({
  graph: {
    name: `e2e.local/${program}`,
    modules: { [module]: version },
    rewrite: [],
    newer: [],
    held: {},
    variables: {},
  },
  programs: { [program]: `${module}${source}` },
});

export const TOOLS: readonly Build[] = [
  tool('kubectl-validate', 'sigs.k8s.io/kubectl-validate', VERSIONS.kubectlValidate, ''),
  tool('kube-score', 'github.com/zegl/kube-score', VERSIONS.kubeScore, '/cmd/kube-score'),
  tool('actionlint', 'github.com/rhysd/actionlint', VERSIONS.actionlint, '/cmd/actionlint'),
];
