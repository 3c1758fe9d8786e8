import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

/** Issuers that differ in nothing but a final slash are one server, and a token carries only one of the spellings. */
const plain = (url: string) => url.replace(/\/+$/, '');

export const tokenIssuers: SiteRule = {
  id: 'AF-REF-04',
  why: 'An issuer says which experiment a job belongs to: one that two experiments share cannot.',
  check({ experiments }) {
    const all = experiments.flatMap(({ name, tokenIssuers: issuers }, index) =>
      issuers.map(({ url }, position) => ({
        name,
        url,
        path: ['experiments', index, 'tokenIssuers', position] as const,
      })),
    );
    return all.flatMap(({ url, path }, index): Finding[] => {
      const other = all.slice(0, index).find((earlier) => plain(earlier.url) === plain(url));
      if (!other) return [];
      const alone = all.filter((issuer) => issuer.path[1] === path[1]).length === 1;
      const urls = [experiments[path[1]]?.name ?? '', 'tokens', 'login'].map(
        (host) => `https://iam.${host}.example.org/`,
      );
      const at = [...path, 'url'];
      return [
        {
          path: at,
          expected: `an issuer that is not listed yet; experiment ${other.name} has ${other.url}`,
          got: JSON.stringify(url),
          fix: alone
            ? {
                kind: 'set',
                path: at,
                value:
                  urls.find((free) => all.every((issuer) => plain(issuer.url) !== plain(free))) ??
                  'https://iam.example.org/',
                example: true,
              }
            : { kind: 'remove', path },
        },
      ];
    });
  },
};
