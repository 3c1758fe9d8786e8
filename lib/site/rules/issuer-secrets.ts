import { issuerSecret } from '../issuer-secret';
import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const issuerSecrets: SiteRule = {
  id: 'AF-CM-52',
  why: 'Two issuers that keep their keys in one Secret overwrite each other, or are one CA under two names.',
  check({ certificates }) {
    const issuers = certificates?.issuers ?? [];
    return issuers.flatMap((issuer, index): Finding[] => {
      if (issuer.type !== 'existingCA') return [];
      const other = issuers.find(
        (each, at) =>
          at !== index && issuerSecret(each) === issuer.secret && (each.type !== 'existingCA' || at < index),
      );
      if (!other) return [];
      const path = ['certificates', 'issuers', index, 'secret'];
      const expected = `a Secret of its own; the issuer ${other.name} keeps its key in this one`;
      const value = `${issuer.name}-ca`;
      return [
        {
          path,
          expected,
          got: JSON.stringify(issuer.secret),
          fix: { kind: 'set', path, value, example: true },
        },
      ];
    });
  },
};

export const solverKeys: SiteRule = {
  id: 'AF-CM-53',
  why: 'The id of an access key and the secret of it are two values: one entry cannot hold both.',
  check: ({ certificates }) =>
    (certificates?.issuers ?? []).flatMap((issuer, index): Finding[] => {
      if (issuer.type !== 'acme' || issuer.solver.type !== 'route53') return [];
      const { accessKeyId: id, secretAccessKey: secret } = issuer.solver;
      if (id.secret !== secret.secret || id.key !== secret.key) return [];
      const path = ['certificates', 'issuers', index, 'solver', 'secretAccessKey', 'key'];
      const expected = `another key of the Secret than accessKeyId.key`;
      const value = secret.key === 'secret-access-key' ? 'secret' : 'secret-access-key';
      return [
        { path, expected, got: JSON.stringify(secret.key), fix: { kind: 'set', path, value, example: true } },
      ];
    }),
};
