/** Facts of the cluster that network policies are made of. */
export interface ClusterNetwork {
  /** Networks in CIDR notation where the API server's endpoints are: policies are matched after address translation. */
  readonly apiServer: { readonly cidrs: readonly string[]; readonly port: number };
  /** The cluster's DNS pods. */
  readonly dns: { readonly namespace: string; readonly podLabels: Readonly<Record<string, string>> };
  /** Namespace of the Prometheus that scrapes the facility. @default nobody may scrape */
  readonly monitoringNamespace?: string;
}
