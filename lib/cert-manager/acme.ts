/**
 * What the ACME issuers of a site ask of the controller.
 *
 * Network policies cannot name hosts, so an issuer is reduced to the ports its hosts are reached on.
 */
export interface AcmeNeeds {
  /**
   * Some challenge is answered through a Gateway. The controller then reads Gateway API objects, and
   * does not start in a cluster without their CRDs.
   */
  readonly gatewayApi: boolean;
  /** Some challenge is answered over HTTP; the controller fetches its own answer first. */
  readonly http01: boolean;
  /** TCP ports of ACME servers, of the DNS providers' APIs and of the site's own front. */
  readonly tcpPorts: readonly number[];
  /** Ports of nameservers: the controller asks the authoritative ones itself before it reports success. */
  readonly dnsPorts: readonly number[];
}
