import type { Site } from './schema';
import type { Issuer } from './schema/certificates';

/**
 * Who signs the certificate that clients outside the cluster check: the issuer that the site names for it, else its
 * first CA, because that one signs internal names as well, else its first issuer.
 */
export function outsideIssuer({
  certificates,
  htcondor,
}: Pick<Site, 'certificates' | 'htcondor'>): Issuer | undefined {
  if (!htcondor?.external) return undefined;
  const { issuer } = htcondor.external;
  const issuers = certificates?.issuers ?? [];
  return (
    issuers.find(({ name }) => name === issuer) ?? issuers.find(({ type }) => type !== 'acme') ?? issuers[0]
  );
}
