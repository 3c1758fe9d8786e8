import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Everything that the suites build or run lives here, outside the repository. */
const CACHE = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
  'analysis-facility',
  'e2e',
);

/** A folder of the cache, made if need be. */
export function cacheFolder(...steps: readonly string[]): string {
  const folder = path.join(CACHE, ...steps);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** For Go programs: who collects garbage less often takes a quarter less of the processors, for memory that is there. */
export const GO_ENV = { GOGC: '400' } as const;

/** Programs that were built. */
export const BIN = cacheFolder('bin');

/** The kubeconfig of a cluster that is there already: the suites then start none, and end none. */
export const GIVEN_KUBECONFIG = process.env['E2E_KUBECONFIG'];

const KIND = GIVEN_KUBECONFIG === undefined ? 'run' : 'run-beside';
const LANE = process.env['E2E_LANE'] ?? '';

/**
 * Certificates, data, logs and process ids of the cluster that runs, or of what runs beside a cluster that is given. Where
 * several run at once, each in a network namespace of its own, `E2E_LANE` tells them apart.
 */
export const RUN = cacheFolder(LANE === '' ? KIND : `${KIND}-${LANE}`);

/** A folder of the run, made if need be. */
export const runFolder = (...steps: readonly string[]) => cacheFolder(path.basename(RUN), ...steps);

export const KUBECONFIG = GIVEN_KUBECONFIG ?? path.join(RUN, 'kubeconfig');
