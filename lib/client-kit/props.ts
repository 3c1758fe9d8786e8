/** What somebody outside must know to use a pool. */
export interface ClientKitProps {
  /** Name of the site, as its folder has it. */
  readonly site: string;
  readonly displayName: string;
  /** Host name of all ports. */
  readonly hostName: string;
  /** Those that are open to the outside; the first is the one that is used unless another is asked for. */
  readonly accessPoints: readonly [OpenAccessPoint, ...OpenAccessPoint[]];
  /** Port of the collector. @default it is closed to the outside */
  readonly collectorPort?: number;
  /** Networks in CIDR notation from which the ports may be used. @default all */
  readonly allowFrom?: readonly string[];
  /** Domain of the names of users. */
  readonly trustDomain: string;
  readonly trust: Trust;
  readonly experiments: readonly KitExperiment[];
  readonly workers: readonly Workers[];
  readonly limits: Limits;
  readonly hasCvmfs: boolean;
  /** Whether workers run jobs in containers. */
  readonly hasContainers: boolean;
  /** Places that jobs reach besides the pool. */
  readonly jobEgress: readonly string[];
  /** Host name of the hub, where the same users have notebooks. @default there is no hub */
  readonly hub?: string;
  readonly contacts: { readonly admins: readonly string[]; readonly security: string };
}

export interface OpenAccessPoint {
  readonly name: string;
  readonly port: number;
  readonly maxJobsPerOwner: number;
}

/** How a client knows that it speaks to the access point. */
export type Trust =
  /** Its certificate is one that every machine trusts. */
  | { readonly type: 'public' }
  /** It is signed by these. */
  | { readonly type: 'ca'; readonly certificates: readonly TrustedCertificate[] }
  /** By a CA whose certificate is still in the cluster only, in this Secret of the namespace cert-manager. */
  | { readonly type: 'missing'; readonly issuer: string; readonly secret: string };

export interface TrustedCertificate {
  readonly subject: string;
  /** First and last moment at which it is valid, `2036-11-22T01:26:00Z`. */
  readonly from: string;
  readonly until: string;
  readonly fingerprint: string;
  readonly pem: string;
}

export interface KitExperiment {
  readonly name: string;
  readonly issuers: readonly { readonly url: string; readonly audience: readonly string[] }[];
  /** Accounting groups that its jobs may name; the first is taken where they name none. */
  readonly groups: readonly string[];
}

/** A group of workers: the largest job that fits into one. */
export interface Workers {
  readonly name: string;
  readonly cpus: number;
  readonly memory: string;
  readonly disk: string;
  /** GPUs of each; only jobs that ask for one run there. @default none */
  readonly gpus?: { readonly count: number; readonly product: string };
  /** Experiments whose jobs are taken. @default all */
  readonly onlyFor?: readonly string[];
}

export interface Limits {
  /** How long a job may run. */
  readonly wallTimeSeconds: number;
  /** Scratch space that a job may fill. @default what it has asked for */
  readonly scratch?: string;
}

/** Name of the file with the certificates that clients trust. */
export const CA_FILE = 'ca.crt';

/** Release series of HTCondor's tools for which the configuration is written. */
export const TOOLS = { from: 23, to: 25 } as const;

/** The comment on top of each file, by which the command knows a folder that it made. */
export function generatedBy(site: string): string {
  return `Generated from sites/${site}/site.yaml by npm run client-kit`;
}

/**
 * The command that takes the certificate of a CA out of the cluster; the key of it stays there.
 *
 * @param file where it is written
 */
export function caCommand(secret: string, file: string): string {
  return `kubectl --namespace=cert-manager get secret ${secret} --output=jsonpath='{.data.tls\\.crt}' | base64 -d > ${file}`;
}
