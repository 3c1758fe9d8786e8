import { tlsIssuer } from '../hub-plan';
import type { SiteRule } from '../rule';
import { unknownReference } from './reference';

export const hubCertificate: SiteRule = {
  id: 'AF-CM-60',
  why: 'An Ingress without a certificate, or with one of an issuer that is not there, is an entrance that browsers warn of.',
  check({ jupyterhub, cluster, certificates }) {
    const entrance = jupyterhub?.entrance;
    if (entrance?.kind !== 'ingress') return [];
    const path = ['jupyterhub', 'entrance', 'issuer'];
    const names = (certificates?.issuers ?? []).map(({ name }) => name);
    const issuer = tlsIssuer({ certificates }, entrance);
    const needsOne = cluster.ingress?.kind === 'ingress';
    if (issuer !== undefined)
      return unknownReference({
        name: issuer,
        path,
        candidates: names,
        what: 'an issuer of certificates.issuers',
        otherwise: { kind: 'remove', path },
      });
    if (!needsOne) return [];
    const [first] = names;
    if (first === undefined) {
      const value = { issuers: [{ name: 'site-ca', type: 'privateCA', commonName: 'Site CA' }] };
      const at = ['certificates'];
      const expected = 'an issuer for the certificate of the hub';
      return [{ path: at, expected, got: 'nothing', fix: { kind: 'add', path: at, value, example: true } }];
    }
    return [
      {
        path,
        expected: `which of the issuers signs the certificate of the hub: ${names.join(', ')}`,
        got: 'nothing',
        fix: { kind: 'add', path, value: first, example: true },
      },
    ];
  },
};
