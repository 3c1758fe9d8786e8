import type { Issuer } from './schema/certificates';

/** The Secret in the namespace cert-manager that an issuer keeps its key in. */
export function issuerSecret(issuer: Issuer): string {
  switch (issuer.type) {
    case 'acme':
      return `${issuer.name}-acme-account`;
    case 'privateCA':
      return `${issuer.name}-key-pair`;
    case 'existingCA':
      return issuer.secret;
  }
}
