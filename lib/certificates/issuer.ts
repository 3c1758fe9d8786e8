import type { Duration } from '../kubernetes/duration';

/** Who signs certificates for the site; each becomes a ClusterIssuer of this name. */
export type Issuer = AcmeIssuer | PrivateCaIssuer | ExistingCaIssuer;

/** A public authority, or an institute's own, that speaks ACME. */
export interface AcmeIssuer {
  readonly type: 'acme';
  readonly name: string;
  /** URL of the directory, `https://acme-v02.api.letsencrypt.org/directory`. */
  readonly server: string;
  /** Where the authority writes when a certificate is about to expire. */
  readonly email: string;
  readonly solver: AcmeSolver;
  /** DNS zones the solver may be used for. @default every name that is asked for */
  readonly zones?: readonly string[];
}

/**
 * A CA whose key is born in the cluster and never leaves it.
 *
 * Losing its Secret means new trust for every client: it belongs into the cluster's backup.
 */
export interface PrivateCaIssuer {
  readonly type: 'privateCA';
  readonly name: string;
  readonly commonName: string;
  /** How long the CA's own certificate lives; what it signs must expire earlier. */
  readonly duration: Duration;
  /** How long before its end the CA's certificate is signed anew, with the same key. @default a tenth of `duration` */
  readonly renewBefore?: Duration;
}

/** A CA whose key pair was made elsewhere. */
export interface ExistingCaIssuer {
  readonly type: 'existingCA';
  readonly name: string;
  /** Name of a Secret of type `kubernetes.io/tls` in the namespace `cert-manager`. */
  readonly secret: string;
}

/**
 * How to prove to the authority that a name is ours. HTTP needs port 80 open to the authority; DNS works
 * behind a firewall, and is the only way to a wildcard.
 *
 * @see https://letsencrypt.org/docs/challenge-types/
 */
export type AcmeSolver = Http01Gateway | Http01Ingress | Dns01;

export interface Http01Gateway {
  readonly type: 'http01-gateway';
  /** It must have a listener for port 80 that takes routes from the Certificate's namespace. */
  readonly gateway: { readonly name: string; readonly namespace: string };
}

export interface Http01Ingress {
  readonly type: 'http01-ingress';
  readonly ingressClassName: string;
}

export interface Dns01 {
  readonly type: 'dns01';
  readonly provider: Rfc2136 | Cloudflare | Route53;
}

/** A nameserver that takes signed updates, such as BIND or Knot. */
export interface Rfc2136 {
  readonly type: 'rfc2136';
  /** `host` or `host:port`; an IPv6 address in brackets. */
  readonly nameserver: string;
  readonly tsigKeyName: string;
  /** The older MD5 and SHA-1, which cert-manager also knows, are left out. */
  readonly tsigAlgorithm: 'HMACSHA256' | 'HMACSHA512';
  readonly secret: SecretKey;
}

export interface Cloudflare {
  readonly type: 'cloudflare';
  /** A token for the zone, not the account's key. */
  readonly apiToken: SecretKey;
}

export interface Route53 {
  readonly type: 'route53';
  readonly region: string;
  /** @default cert-manager looks for the zone by name, and needs the permission to list zones */
  readonly hostedZoneID?: string;
  readonly accessKeyID: SecretKey;
  readonly secretAccessKey: SecretKey;
}

/** One key of a Secret in the namespace `cert-manager`. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}
