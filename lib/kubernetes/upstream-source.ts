/** Files of an upstream project that Argo CD reads at one commit. */
export interface UpstreamSource {
  readonly repoURL: string;
  /** 40 hexadecimal digits: a tag could be moved under us. */
  readonly commit: string;
  readonly path: string;
  /** Glob of the files below the path. */
  readonly include: string;
}
