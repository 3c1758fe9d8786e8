import { mintIdToken, type SigningKey } from './id-token';
import { EXECUTE_NAMESPACE, IDENTITIES, NAMESPACE, SECRETS, type DaemonMethod } from './release';

/** What the secrets of a pool are made of; time and chance come from the caller. */
export interface PoolSecretsProps {
  readonly trustDomain: string;
  readonly method: DaemonMethod;
  /** Namespace of the hub that mints tokens for notebooks. @default there is none */
  readonly hubNamespace?: string;
  /** Whether an exporter looks at the pool. */
  readonly monitored: boolean;
  /** Seconds since 1970. */
  readonly now: number;
  /** That many random bytes in hexadecimal. */
  readonly random: (bytes: number) => string;
  /** The key that the pool has already; then only tokens are made. @default a new one, and all other secrets */
  readonly signingKey?: string;
  /** Leaves the password as it is; only for a pool that has one. @default a new one */
  readonly keepsPassword?: boolean;
}

/** A Secret with its values: never written into the repository. */
export interface PoolSecret {
  readonly namespace: string;
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** When the token in it ends, in seconds since 1970. @default never */
  readonly expires?: number;
}

/** Long enough to be forgotten, so the end of a token raises an alert; short enough for a leak to end by itself. */
export const TOKEN_LIFETIME_SECONDS = 90 * 86_400;

const KEY_BYTES = 64;

/**
 * The secrets of a pool. A token may do what its role needs and nothing else: with that of a worker nobody can look at
 * jobs, submit them or be an administrator.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/security.html#token-authentication
 */
export function poolSecrets(props: PoolSecretsProps): PoolSecret[] {
  const { method, random, hubNamespace, signingKey, monitored } = props;
  const hubKey = random(KEY_BYTES);
  const hubKeys =
    hubNamespace === undefined || signingKey !== undefined
      ? []
      : [NAMESPACE, hubNamespace].map((namespace) => secret(namespace, SECRETS.hubKey, hubKey));
  if (method === 'password' && props.keepsPassword === true) return monitored ? queueMonitor(props) : [];
  if (method === 'password') {
    const password = random(KEY_BYTES);
    return [
      ...[NAMESPACE, EXECUTE_NAMESPACE].map((namespace) => secret(namespace, SECRETS.poolPassword, password)),
      ...hubKeys,
      ...(monitored ? queueMonitor(props) : []),
    ];
  }
  const content = signingKey ?? random(KEY_BYTES);
  const key: SigningKey = { name: SECRETS.signingKey.key, content: Buffer.from(content) };
  return [
    ...(signingKey === undefined ? [secret(NAMESPACE, SECRETS.signingKey, content)] : []),
    token(props, key, NAMESPACE, SECRETS.accessPointToken, IDENTITIES.accessPoint, [
      'ADVERTISE_SCHEDD',
      'ADVERTISE_MASTER',
    ]),
    token(props, key, EXECUTE_NAMESPACE, SECRETS.executeToken, IDENTITIES.execute, [
      'ADVERTISE_STARTD',
      'ADVERTISE_MASTER',
    ]),
    ...(monitored ? [monitorToken(props, key, SECRETS.monitorToken), ...queueMonitor(props)] : []),
    ...hubKeys,
  ];
}

/** When each token ends, by its file name: this the exporter may know, and of the tokens only its own. */
export function tokenExpiries(secrets: readonly PoolSecret[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    secrets.flatMap(({ values, expires }) =>
      expires === undefined ? [] : Object.keys(values).map((token) => [token, String(expires)]),
    ),
  );
}

/** The key is made anew with each token, because it signs no other. */
function queueMonitor(props: PoolSecretsProps): PoolSecret[] {
  const content = props.random(KEY_BYTES);
  const key: SigningKey = { name: SECRETS.monitorKey.key, content: Buffer.from(content) };
  return [
    secret(NAMESPACE, SECRETS.monitorKey, content),
    monitorToken(props, key, SECRETS.monitorQueueToken),
  ];
}

function monitorToken(
  props: PoolSecretsProps,
  key: SigningKey,
  place: { readonly name: string; readonly key: string },
): PoolSecret {
  return token(props, key, NAMESPACE, place, IDENTITIES.monitor, []);
}

function token(
  { trustDomain, now, random }: PoolSecretsProps,
  key: SigningKey,
  namespace: string,
  place: { readonly name: string; readonly key: string },
  identity: string,
  permissions: readonly string[],
): PoolSecret {
  const expires = now + TOKEN_LIFETIME_SECONDS;
  const text = mintIdToken(key, {
    issuer: trustDomain,
    subject: `${identity}@${trustDomain}`,
    issuedAt: now,
    expires,
    id: random(16),
    authorizations: ['READ', ...permissions],
  });
  return { ...secret(namespace, place, text), expires };
}

function secret(
  namespace: string,
  { name, key }: { readonly name: string; readonly key: string },
  value: string,
): PoolSecret {
  return { namespace, name, values: { [key]: value } };
}
