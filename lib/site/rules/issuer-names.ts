import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

/** As lib/certificates calls it. */
export const SELF_SIGNED = 'self-signed';

export const issuerNames: SiteRule = {
  id: 'AF-CM-51',
  why: 'The facility makes an issuer of this name itself, to sign the certificates of private CAs.',
  check: ({ certificates }) =>
    (certificates?.issuers ?? []).flatMap(({ name }, index): Finding[] => {
      if (name !== SELF_SIGNED) return [];
      const path = ['certificates', 'issuers', index, 'name'];
      const got = `${JSON.stringify(name)}, which the facility has itself`;
      return [{ path, expected: 'a name of your own', got, fix: { kind: 'set', path, value: 'site-ca' } }];
    }),
};
