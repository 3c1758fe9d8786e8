import type { Pods } from '../kubernetes/network-policy';
import { DASK_FILE, daskConfig, type DaskOverHTCondor } from './dask';
import { NOTEBOOK_FILES, NOTEBOOK_FOLDER, type PoolTokens } from './tokens';

/** What notebooks need to submit jobs to an HTCondor pool. */
export interface PoolAccess {
  readonly tokens: PoolTokens;
  /** Configuration of HTCondor's tools. */
  readonly clientConfig: string;
  /** The access point that notebooks use: host name, and HTCondor's version there. */
  readonly accessPoint: { readonly host: string; readonly version: string };
  /** Pods of access points. */
  readonly accessPoints: Pods & { readonly port: number };
  /** @default no workers of Dask in the pool */
  readonly dask?: DaskOverHTCondor;
}

/** Notebooks that show how something is done. */
export interface Examples {
  readonly jobs: string;
  readonly dask: string;
}

const CLIENT_FILE = 'condor_config';
const DASK_KEY = 'dask.yaml';

/** Files of the pool for notebooks, by name. */
export function poolFiles({ clientConfig, dask }: PoolAccess, examples: Examples): Record<string, string> {
  return {
    [CLIENT_FILE]: clientConfig,
    'jobs.ipynb': examples.jobs,
    ...(dask ? { [DASK_KEY]: daskConfig(dask), 'dask.ipynb': examples.dask } : {}),
  };
}

/** Where a notebook finds them. */
export function poolSettings(pool: PoolAccess | undefined) {
  if (!pool) return { environment: {}, mounts: {} };
  return {
    environment: {
      CONDOR_CONFIG: `${NOTEBOOK_FOLDER}/${CLIENT_FILE}`,
      AF_ACCESS_POINT: `${pool.accessPoint.host}:${String(pool.accessPoints.port)}`,
      AF_CONDOR_VERSION: pool.accessPoint.version,
      ...(pool.dask ? { AF_DASK: 'true' } : {}),
    },
    mounts: pool.dask
      ? { dask: { name: NOTEBOOK_FILES, mountPath: DASK_FILE, subPath: DASK_KEY, readOnly: true } }
      : {},
  };
}
