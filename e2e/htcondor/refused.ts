import type { Bench } from './bench';
import type { TokenIssuer } from './token-issuer';

/** A token that must not let anybody in, and what the access point says of it. */
export interface Refused {
  readonly what: string;
  readonly token: (bench: Bench) => string;
  readonly reason: RegExp;
}

function cms({ issuers }: Bench): TokenIssuer {
  const issuer = issuers.of['cms'];
  if (!issuer) throw new Error('the site has no issuer for cms');
  return issuer;
}

const HOUR = 3600;
const hoursAgo = (hours: number) => Math.floor(Date.now() / 1000) - hours * HOUR;

export const REFUSED: readonly Refused[] = [
  {
    what: 'an issuer that is in no map',
    token: ({ issuers }) => issuers.stranger.token('alice'),
    reason: /Failed to map SCITOKENS authenticated identity 'https:\/\/stranger\.example\.net\/,alice'/,
  },
  {
    what: 'a subject with characters that the map does not take',
    token: (bench) => cms(bench).token('alice@elsewhere'),
    reason: /Failed to map SCITOKENS authenticated identity '[^']*,alice@elsewhere'/,
  },
  {
    what: 'an issuer that cannot be reached',
    token: (bench) => cms(bench).token('alice', { iss: 'https://nowhere.example.net/' }),
    reason: /Could not resolve host/i,
  },
  {
    what: 'a signature by another key',
    token: (bench) => bench.issuers.stranger.forge(cms(bench), 'alice'),
    reason: /invalid signature/i,
  },
  {
    what: 'a token that has expired',
    token: (bench) => cms(bench).token('alice', { iat: hoursAgo(3), nbf: hoursAgo(3), exp: hoursAgo(2) }),
    reason: /token expired/i,
  },
  {
    what: 'a token for another audience',
    token: (bench) => cms(bench).token('alice', { aud: 'https://elsewhere.example.net' }),
    reason: /'aud' claim verification failed/i,
  },
  {
    what: 'a token without an audience',
    token: (bench) => cms(bench).token('alice', { aud: undefined }),
    reason: /'aud' claim required/i,
  },
  {
    what: 'the issuer of the map without its slash',
    token: (bench) => cms(bench).token('alice', { iss: cms(bench).url.replace(/\/$/, '') }),
    reason: /Failed to map SCITOKENS authenticated identity 'https:[^']*[^/],alice'/,
  },
];
