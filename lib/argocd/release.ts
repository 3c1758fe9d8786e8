/** The Argo CD that the generated objects are written for; it is installed from upstream's manifest, see docs/admin. */
export const ARGOCD = {
  version: 'v3.5.1',
  commit: '109ca7ca71139e514114499d294a492e7910a965',
  repoURL: 'https://github.com/argoproj/argo-cd',
} as const;
