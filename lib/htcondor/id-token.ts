import { createHmac, hkdfSync } from 'node:crypto';

/** Claims of a token of the pool. */
export interface IdToken {
  /** Trust domain of the pool. */
  readonly issuer: string;
  /** Identity with its domain, `execute@af.example.org`. */
  readonly subject: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  /** Seconds since 1970. */
  readonly expires: number;
  /** A number used once, in hexadecimal. */
  readonly id: string;
  /** Permissions that the token is limited to, such as `ADVERTISE_STARTD`. @default all that the identity has */
  readonly authorizations?: readonly string[];
}

/** A key that signs tokens: the content of its file, and the file's name. */
export interface SigningKey {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * Mints an IDTOKEN as condor_token_create does: a JWT whose key is derived from the signing key.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/man-pages/condor_token_create.html
 */
export function mintIdToken(key: SigningKey, token: IdToken): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', kid: key.name })}.${encode({
    iss: token.issuer,
    sub: token.subject,
    iat: token.issuedAt,
    exp: token.expires,
    jti: token.id,
    ...(token.authorizations
      ? { scope: token.authorizations.map((each) => `condor:/${each}`).join(' ') }
      : {}),
  })}`;
  return `${signed}.${signature(key, signed)}`;
}

/** Signature of a token's header and claims. */
export function signature(key: SigningKey, signed: string): string {
  return createHmac('sha256', derivedKey(key)).update(signed).digest('base64url');
}

/** Mask that HTCondor lays over the files of keys and passwords. */
const MASK = [0xde, 0xad, 0xbe, 0xef];

/** The pool's own key is also a password, which ends at the first zero and counts twice. */
function derivedKey({ name, content }: SigningKey): Buffer {
  const plain = Buffer.from(content.map((byte, index) => byte ^ (MASK[index % MASK.length] ?? 0)));
  const end = plain.indexOf(0);
  const cut = end < 0 ? plain : plain.subarray(0, end);
  const material = name === 'POOL' ? Buffer.concat([cut, cut]) : plain;
  return Buffer.from(hkdfSync('sha256', material, 'htcondor', 'master jwt', 32));
}
