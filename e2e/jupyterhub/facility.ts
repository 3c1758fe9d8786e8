import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SigningKey } from '../../lib/htcondor/id-token';
import { SECRETS } from '../../lib/htcondor/release';
import { textAt } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { objectsOf } from '../api/dist';
import { startEntrance } from '../cluster/entrance';
import { applyObjects } from '../cluster/kubectl';
import type { NetworkPlan } from '../cluster/network';
import { publicCertificate } from '../cluster/public-ca';
import { upReal } from '../cluster/real';
import { applyDist, rolledOut, waitFor } from '../cluster/suite';
import { hubIsReady, inHub } from './pods';
import { startWorld, type World } from './world';

/** What the hub was told, as dist has it. */
export interface HubFile {
  readonly login: {
    readonly allowedGroups: readonly string[];
    readonly adminGroups: readonly string[];
    readonly refusal: string;
  };
  readonly traits: {
    readonly GenericOAuthenticator: {
      readonly scope: readonly string[];
      readonly oauth_callback_url: string;
      readonly auth_refresh_age: number;
    };
  };
  readonly profiles: readonly {
    readonly groups: readonly string[] | null;
    readonly profile: { readonly slug: string; readonly profile_options?: object };
  }[];
}

/** A site whose hub runs, with what is outside. */
export interface Facility {
  readonly world: World;
  readonly file: HubFile;
  /** Name of the hub's Secret. */
  readonly secret: string;
  /** What must never be in a log: the keys of that Secret. */
  readonly keys: Readonly<Record<string, string>>;
  /** The key with which it signs tokens of the pool. @default the site has none */
  readonly poolKey?: SigningKey;
}

const GATEWAY_PORT = 30_443;

export function hubFile(site: string): HubFile {
  const map = objectsOf(site, 'jupyterhub').find(({ kind }) => kind === 'ConfigMap');
  return JSON.parse(textAt(map, 'data', 'af.json') ?? '') as HubFile;
}

/** Brings up the hub of a site from dist, on real nodes. */
export async function startFacility(site: Site, say: (text: string) => void): Promise<Facility> {
  const { name } = site.site;
  const network = await upReal(site, {}, say);
  const { world, file } = await startWorldOf(site, network);
  try {
    await applyDist(name, ['namespaces']);
    applyObjects(objectsOf(name, 'storage').filter(({ kind }) => kind === 'StorageClass'));
    const made = makeHubSecret(site, world);
    const pool = site.htcondor ? { poolKey: loneKey() } : {};
    startGateway(site);
    await applyDist(name, ['jupyterhub']);
    await hubAnswers(world);
    return { world, file, ...made, ...pool };
  } catch (error) {
    world.stop();
    throw error;
  }
}

/** What is outside of a site with a hub. */
export async function startWorldOf(
  site: Site,
  network: NetworkPlan,
): Promise<Pick<Facility, 'world' | 'file'>> {
  if (!site.jupyterhub || !site.identity) throw new Error(`${site.site.name} has no hub`);
  const { entrance } = site.jupyterhub;
  const file = hubFile(site.site.name);
  const world = await startWorld(site, network, {
    hub: entrance.kind === 'nodePort' ? entrance.tlsFront.host : entrance.host,
    issuer: site.identity.login.issuer,
    callback: file.traits.GenericOAuthenticator.oauth_callback_url,
    entrance:
      entrance.kind === 'nodePort'
        ? { front: true, port: entrance.port }
        : { front: false, port: GATEWAY_PORT },
  });
  return { world, file };
}

/** The Secret of the hub, with the client that the log-in service knows. */
export function makeHubSecret(site: Site, { client }: World): Pick<Facility, 'secret' | 'keys'> {
  const secret = site.jupyterhub?.hub.secret ?? '';
  const keys = {
    auth_token: randomBytes(32).toString('hex'),
    cookie_secret: randomBytes(32).toString('hex'),
    crypt_keys: randomBytes(32).toString('hex'),
    oidc_client_id: client.id,
    oidc_client_secret: client.secret,
  };
  applyObjects([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secret, namespace: 'jupyterhub' },
      stringData: keys,
    },
  ]);
  return { secret, keys };
}

/** The key of a hub whose pool does not run. */
function loneKey(): SigningKey {
  const { name, key } = SECRETS.hubKey;
  const text = randomBytes(32).toString('hex');
  applyObjects([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'jupyterhub' },
      stringData: { [key]: text },
    },
  ]);
  return { name: key, content: Buffer.from(text) };
}

/** Waits until hub and proxy are ready, and the hub finds the log-in service. */
export async function hubAnswers({ issuer }: World): Promise<void> {
  rolledOut('jupyterhub', 'deployment/proxy', 180);
  await hubIsReady();
  await waitFor('the hub knows the address of the log-in service', 90, () => {
    const program =
      'import socket,sys\ntry: print(socket.gethostbyname(sys.argv[1]))\nexcept OSError: print("none")';
    const said = inHub(program, issuer.hostname).trim();
    return said === 'none' ? [said] : [];
  });
}

/** The Gateway of the site, where the hub is behind one; it answers with a certificate of the public authority. */
export function startGateway(site: Site): void {
  const entrance = site.jupyterhub?.entrance;
  if (entrance?.kind !== 'ingress') return;
  const { host } = entrance;
  const { ingress } = site.cluster;
  if (ingress?.kind !== 'gateway') throw new Error('only the entrance of a Gateway is played');
  const { certificate, key } = publicCertificate(host);
  const secret = { name: 'hub-tls', namespace: ingress.gateway.namespace };
  startEntrance(site, GATEWAY_PORT, [{ host, secret: secret.name }]);
  applyObjects([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: secret,
      type: 'kubernetes.io/tls',
      stringData: {
        'tls.crt': readFileSync(certificate, 'utf8'),
        'tls.key': readFileSync(key, 'utf8'),
      },
    },
  ]);
}
