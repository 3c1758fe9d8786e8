import type { Pods } from '../kubernetes/network-policy';
import { DASK } from './release';
import { TOKENS_FOLDER } from './tokens';

/** Dask whose scheduler is in a notebook and whose workers are jobs of the HTCondor pool. */
export interface DaskOverHTCondor {
  /** Groups of workers of the pool whose image has Dask; at least one. */
  readonly executePools: readonly string[];
  /** Python of that image that has Dask. */
  readonly python: string;
  /** Pods of these groups, which notebooks call and are called by. */
  readonly workers: readonly Pods[];
}

/** Where Dask itself looks for settings of a site; those of a user come after it and win. */
export const DASK_FILE = '/etc/dask/analysis-facility.yaml';

/** What a job of Dask asks for unless its user says more. */
const WORKER = { cores: 1, memory: '2GiB', disk: '2GiB' };

const CERTIFICATE = 'dask.pem';
const KEY = 'dask-key.pem';

/**
 * Settings with which `HTCondorCluster()` works as it is: JSON, which is YAML.
 *
 * Scheduler and workers know each other by a certificate of the notebook, which travels with the jobs: the network lets
 * every job of the pool call every notebook, and a scheduler runs what it is sent. Ports are fixed, so that policies can
 * name them; a second cluster in one notebook finds its port taken.
 *
 * @see https://jobqueue.dask.org/en/latest/configurations.html
 * @see https://distributed.dask.org/en/latest/tls.html
 */
export function daskConfig({ executePools, python }: DaskOverHTCondor): string {
  const folder = `${TOKENS_FOLDER}/dask`;
  const tls = { cert: `${folder}/${CERTIFICATE}`, key: `${folder}/${KEY}` };
  const range = ({ from, to }: { from: number; to: number }) => `${String(from)}:${String(to)}`;
  const config = {
    distributed: {
      comm: { tls: { 'ca-file': tls.cert, scheduler: tls, worker: tls, client: tls } },
      dashboard: { link: '{JUPYTERHUB_SERVICE_PREFIX}proxy/{port}/status' },
    },
    jobqueue: {
      htcondor: {
        ...WORKER,
        python,
        'death-timeout': 600,
        'submit-command-extra': ['-spool'],
        'scheduler-options': {
          protocol: 'tls://',
          port: DASK.scheduler,
          // Through the notebook's own server, which asks who is there.
          dashboard_address: `127.0.0.1:${String(DASK.dashboard)}`,
        },
        'worker-extra-args': [
          ...['--protocol', 'tls://'],
          ...['--tls-ca-file', CERTIFICATE, '--tls-cert', CERTIFICATE, '--tls-key', KEY],
          ...['--worker-port', range(DASK.workers), '--nanny-port', range(DASK.nannies)],
          '--no-dashboard',
        ],
        'job-extra-directives': {
          transfer_input_files: `${tls.cert},${tls.key}`,
          requirements: `stringListMember(TARGET.ExecutePool, "${executePools.join(',')}")`,
          // A worker leaves no output that anybody would fetch, so nothing of it stays in the queue.
          leave_in_queue: 'False',
        },
      },
    },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
