import { NAMESPACE } from '../cert-manager/release';
import type { NeededSecret } from '../kubernetes/needed-secret';
import type { Dns01, Issuer, SecretKey } from './issuer';

/** Secrets that an admin must create before the issuers can work; those that cert-manager makes are not listed. */
export function neededSecrets(issuers: readonly Issuer[]): NeededSecret[] {
  return issuers.flatMap((issuer) => {
    if (issuer.type === 'existingCA') {
      const purpose = `Key pair of the CA with which issuer ${issuer.name} signs.`;
      return [{ namespace: NAMESPACE, name: issuer.secret, keys: ['tls.crt', 'tls.key'], purpose }];
    }
    if (issuer.type === 'acme' && issuer.solver.type === 'dns01') {
      const purpose = `Lets issuer ${issuer.name} write DNS records to prove that a name is ours.`;
      return byName(credentials(issuer.solver.provider), purpose);
    }
    return [];
  });
}

function credentials(provider: Dns01['provider']): SecretKey[] {
  switch (provider.type) {
    case 'rfc2136':
      return [provider.secret];
    case 'cloudflare':
      return [provider.apiToken];
    case 'route53':
      return [provider.accessKeyID, provider.secretAccessKey];
  }
}

function byName(references: readonly SecretKey[], purpose: string): NeededSecret[] {
  return [...new Set(references.map(({ name }) => name))].map((name) => ({
    namespace: NAMESPACE,
    name,
    keys: references.filter((reference) => reference.name === name).map(({ key }) => key),
    purpose,
  }));
}
