import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';

type Algorithm = 'ES256' | 'RS256';

/** Claims of a token, which may be anything: some are there to be refused. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a token for any audience says, in the profile of WLCG. */
export const ANY_AUDIENCE = 'https://wlcg.cern.ch/jwt/v1/any';

/** A job queue is written with all of them. */
export const FULL_SCOPE = 'compute.read compute.create compute.modify compute.cancel';

const HOUR = 3600;

interface Key {
  readonly id: string;
  readonly algorithm: Algorithm;
  readonly private: KeyObject;
  readonly public: KeyObject;
}

/**
 * An issuer of the tokens of users, as INDIGO IAM is one.
 *
 * @see https://github.com/WLCG-AuthZ-WG/common-jwt-profile
 */
export class TokenIssuer {
  private readonly keys: readonly Key[] = [
    makeKey('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    makeKey('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  ];

  /** @param url exactly the `iss` of its tokens */
  constructor(readonly url: string) {}

  get host(): string {
    return new URL(this.url).hostname;
  }

  /** Documents that it serves, by their path. */
  documents(): Readonly<Record<string, object>> {
    const jwks = new URL('/jwk', this.url);
    return {
      '/.well-known/openid-configuration': { issuer: this.url, jwks_uri: String(jwks) },
      [jwks.pathname]: {
        keys: this.keys.map((key) => ({
          ...key.public.export({ format: 'jwk' }),
          kid: key.id,
          alg: key.algorithm,
          use: 'sig',
        })),
      },
    };
  }

  /** A token of one hour for a user who may do everything with jobs, but for what the claims say otherwise. */
  token(subject: string, claims: Claims = {}, algorithm: Algorithm = 'ES256'): string {
    const now = Math.floor(Date.now() / 1000);
    return this.sign(algorithm, {
      iss: this.url,
      sub: subject,
      aud: ANY_AUDIENCE,
      iat: now,
      nbf: now - 60,
      exp: now + HOUR,
      jti: randomUUID(),
      'wlcg.ver': '1.0',
      scope: FULL_SCOPE,
      ...claims,
    });
  }

  /** Signs as somebody who has a key of his own, and says that it is one of the other issuer. */
  forge(other: TokenIssuer, subject: string): string {
    const [key] = other.keys;
    return this.sign('ES256', payloadOf(other.token(subject)), key?.id);
  }

  private sign(algorithm: Algorithm, claims: Claims, id?: string): string {
    const key = this.keys.find((each) => each.algorithm === algorithm);
    if (!key) throw new Error(`no key for ${algorithm}`);
    const signed = `${encode({ alg: algorithm, typ: 'JWT', kid: id ?? key.id })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: key.private, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  }
}

/**
 * A key that is read from text. A made one shares a lock with what made it, and Node 20 stands still for ever when that is
 * collected as garbage during an export as JWK.
 */
function makeKey(algorithm: Algorithm, made: KeyObject): Key {
  const text = made.export({ type: 'pkcs8', format: 'pem' });
  const publicKey = createPublicKey(text);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const id = createHash('sha256').update(der).digest('hex').slice(0, 16);
  return { id, algorithm, private: createPrivateKey(text), public: publicKey };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function payloadOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}
