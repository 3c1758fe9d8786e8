/** Runs outside of the cluster: the log-in service of a site, a real OpenID provider in the shape of INDIGO IAM. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { Provider, type Configuration } from 'oidc-provider';
import { answer } from './process';

/** Somebody with an account. */
export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
}

/** What the site's own settings of its client are. */
export interface IamOptions {
  readonly issuer: string;
  /** Its own address. */
  readonly address: string;
  readonly certificate: string;
  readonly key: string;
  readonly client: { readonly id: string; readonly secret: string; readonly redirectUri: string };
}

/** What a test may change while it runs. */
export interface IamSettings {
  /** Seconds that an access token is good for. */
  readonly accessSeconds: number;
  /** Whether a refresh token is good for one use only. */
  readonly rotation: boolean;
}

/** A request that came, without its secrets. */
export interface Seen {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** `Basic`, `Bearer` or nothing. */
  readonly authorization: string;
}

/** Tokens of one answer of the token endpoint. */
export interface Issued {
  readonly person: string;
  readonly grant: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

const SCOPES = ['openid', 'profile', 'email', 'offline_access', 'wlcg', 'wlcg.groups'];

const options = JSON.parse(process.argv[2] ?? '') as IamOptions;
const people = new Map<string, Person & { readonly id: string }>();
const seen: Seen[] = [];
const issued: Issued[] = [];
let settings: IamSettings = { accessSeconds: 3600, rotation: false };

const personOf = (id: string) => [...people.values()].find((person) => person.id === id);

/** Paths, claims and habits of IAM 1.12 with the token profile `wlcg`. */
const configuration: Configuration = {
  clients: [
    {
      client_id: options.client.id,
      client_secret: options.client.secret,
      redirect_uris: [options.client.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: SCOPES.join(' '),
    },
  ],
  scopes: SCOPES,
  // A name with a dot, and no `groups`: that is of another profile.
  claims: {
    openid: ['sub'],
    profile: ['name', 'preferred_username'],
    email: ['email', 'email_verified'],
    'wlcg.groups': ['wlcg.groups'],
  },
  routes: {
    authorization: '/authorize',
    token: '/token',
    userinfo: '/userinfo',
    jwks: '/jwk',
    introspection: '/introspect',
    revocation: '/revoke',
  },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: [randomUUID()] },
  clockTolerance: 0,
  ttl: {
    AccessToken: () => settings.accessSeconds,
    AuthorizationCode: 60,
    Grant: 30 * 86_400,
    IdToken: 600,
    Interaction: 600,
    RefreshToken: 30 * 86_400,
    Session: 86_400,
  },
  rotateRefreshToken: () => settings.rotation,
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  findAccount: (_, id) => {
    const person = personOf(id);
    if (!person) return undefined;
    return {
      accountId: id,
      claims: () => ({
        sub: id,
        name: person.name,
        preferred_username: person.name,
        email: `${person.name}@example.org`,
        email_verified: true,
        'wlcg.groups': [...person.groups],
      }),
    };
  },
};

const provider = new Provider(options.issuer, configuration);

provider.use(async (context, next) => {
  const authorization = (context.get('authorization').split(' ')[0] ?? '').trim();
  const query = Object.fromEntries(new URLSearchParams(context.querystring));
  seen.push({ path: context.path, query, authorization });
  // IAM asks whether the client may have the scopes; without that question this provider gives no refresh token.
  if (context.path === '/authorize' && 'scope' in query) context.query = { ...query, prompt: 'consent' };
  await next();
});

provider.on('grant.success', ({ oidc, body }) => {
  const tokens = body as Readonly<Record<string, string>>;
  issued.push({
    person: personOf(oidc.account?.accountId ?? '')?.name ?? '',
    grant: String(oidc.params?.['grant_type']),
    accessToken: tokens['access_token'] ?? '',
    refreshToken: tokens['refresh_token'] ?? '',
    idToken: tokens['id_token'] ?? '',
  });
});

const FORM = `<!doctype html><title>Sign in</title><form method="post"><input name="username"><button>Sign in</button></form>`;

/** The page on which people say who they are; whoever is known is believed. */
async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html').end(FORM);
    return;
  }
  let form = '';
  for await (const chunk of request) form += String(chunk);
  const person = people.get(new URLSearchParams(form).get('username') ?? '');
  if (!person) {
    response.writeHead(401).end('Nobody has this name.');
    return;
  }
  const grant = new provider.Grant({ accountId: person.id, clientId: options.client.id });
  grant.addOIDCScope(SCOPES.join(' '));
  const grantId = await grant.save();
  const result = { login: { accountId: person.id }, consent: { grantId } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const handle = provider.callback();
const server = createServer(
  { cert: readFileSync(options.certificate), key: readFileSync(options.key) },
  (request, response) => {
    const work = request.url?.startsWith('/interaction/')
      ? interact(request, response)
      : handle(request, response);
    work.catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  },
);

function open(): Promise<void> {
  return new Promise((resolve) => server.listen(443, options.address, resolve));
}

/** As when it is down: connections are refused. */
function close(): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

const calls = {
  open,
  close,
  set(change: Partial<IamSettings>) {
    settings = { ...settings, ...change };
  },
  /** Makes an account, or changes its groups. */
  enrol(person: Person) {
    people.set(person.name, { id: people.get(person.name)?.id ?? randomUUID(), ...person });
  },
  seen: () => seen,
  issued: () => issued,
};

export type IamCalls = typeof calls;

answer(calls, open());
