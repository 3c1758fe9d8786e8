import { NAMESPACE, RELEASE } from './release';

/** An experiment as the hub knows it. */
export interface HubExperiment {
  readonly name: string;
  /** Groups whose members belong to it. @default everybody who may log in */
  readonly groups?: readonly string[];
  /** Environment variables that lead notebooks to its data. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the hub must know to make tokens of the HTCondor pool. */
export interface PoolTokens {
  /** Domain of every identity in the pool. */
  readonly trustDomain: string;
  /** Secret in the namespace of the hub with the key that access points trust, and its key. */
  readonly keySecret: { readonly name: string; readonly key: string };
}

/** What the service `notebook_tokens.py` reads. */
export interface TokenService {
  readonly port: number;
  /** Address of the hub inside its pod. */
  readonly hub: string;
  /** Null where there is no pool. */
  readonly pool: { readonly trustDomain: string; readonly seconds: number } | null;
}

/**
 * How long a token of the pool is good: long enough for a hub that restarts, short enough that who leaves an experiment
 * is out of its queue soon. Jobs that are submitted need it no more.
 */
const POOL_TOKEN_SECONDS = 1200;

/** Folder of the tokens of a notebook, in memory. */
export const TOKENS_FOLDER = '/run/af';
/** Folder in it with a folder of tokens of the pool for each experiment. */
export const POOL_TOKENS_FOLDER = `${TOKENS_FOLDER}/pool`;
/** File with the address of the access point, for HTCondor's tools. */
export const ACCESS_POINT_FILE = `${TOKENS_FOLDER}/access-point`;
/** Folder of the programs and settings of notebooks. */
export const NOTEBOOK_FOLDER = '/etc/af';
/** ConfigMap with these, in the namespace of the users. */
export const NOTEBOOK_FILES = 'notebook-files';
export const START_PROGRAM = 'start_notebook.py';

export function tokenService(pool: PoolTokens | undefined): TokenService {
  return {
    port: RELEASE.ports.tokens,
    hub: `http://localhost:${String(RELEASE.ports.hub)}/hub/api`,
    pool: pool ? { trustDomain: pool.trustDomain, seconds: POOL_TOKEN_SECONDS } : null,
  };
}

/**
 * The notebook starts by way of a program that brings its tokens and keeps them fresh: no image has to know of it, and
 * no user has to do anything.
 *
 * @see https://zenodo.org/records/3937438 WLCG Bearer Token Discovery: `BEARER_TOKEN_FILE`
 */
export function tokenSettings() {
  return {
    command: ['python3', `${NOTEBOOK_FOLDER}/${START_PROGRAM}`],
    environment: {
      AF_TOKENS_URL: `http://hub.${NAMESPACE}.svc:${String(RELEASE.ports.tokens)}/tokens`,
      BEARER_TOKEN_FILE: `${TOKENS_FOLDER}/bearer_token`,
    },
    volumes: {
      tokens: { name: 'tokens', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      'notebook-files': { name: 'notebook-files', configMap: { name: NOTEBOOK_FILES } },
    },
    mounts: {
      tokens: { name: 'tokens', mountPath: TOKENS_FOLDER },
      'notebook-files': { name: 'notebook-files', mountPath: NOTEBOOK_FOLDER, readOnly: true },
    },
  };
}
