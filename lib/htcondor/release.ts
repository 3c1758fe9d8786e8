/**
 * The HTCondor release that this repository installs: every version, image, port and name of it, each once.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/version-history/index.html
 */
export const RELEASE = { version: '25.0.13', distribution: 'el9' } as const;

const image = (role: string) => `docker.io/htcondor/${role}:${RELEASE.version}-${RELEASE.distribution}`;

export const IMAGES = {
  centralManager: image('cm'),
  accessPoint: image('submit'),
  execute: image('execute'),
} as const;

/** Jobs change to their own user, which needs root: so they have a namespace of their own. */
export const NAMESPACE = 'htcondor';
export const EXECUTE_NAMESPACE = 'htcondor-execute';

/** The one port of every pod: HTCondor's shared port hands each connection to the right daemon. */
export const PORT = 9618;

/** User and group `condor` in the official images. */
export const CONDOR_ID = 64;

/** Accounts slot1_1, slot1_2, … that the execute image has, so jobs that a worker can run at a time. */
export const SLOT_ACCOUNTS = 64;

/** How daemons of a pool prove to each other who they are. */
export type DaemonMethod = 'idtokens' | 'password';

/** Secrets that an admin makes; each has one key, the name of the file that HTCondor reads. */
export const SECRETS = {
  /** Signs the tokens of the pool; whoever has it is everybody. */
  signingKey: { name: 'htcondor-signing-key', key: 'POOL' },
  /** Signs the tokens of notebooks; the access points trust it for users and nothing else. */
  hubKey: { name: 'htcondor-hub-key', key: 'hub-key' },
  accessPointToken: { name: 'htcondor-token-ap', key: 'ap' },
  executeToken: { name: 'htcondor-token-execute', key: 'execute' },
  poolPassword: { name: 'htcondor-pool-password', key: 'pool-password' },
  /** Lets the exporter look at what the collector knows. */
  monitorToken: { name: 'htcondor-token-monitor', key: 'monitor' },
  /** Lets the exporter look at the queues: access points have no key of the pool, so it is another one that signs. */
  monitorQueueToken: { name: 'htcondor-token-monitor-queue', key: 'monitor-queue' },
  /** Signs that one token. */
  monitorKey: { name: 'htcondor-monitor-key', key: 'monitor-key' },
} as const;

/** Who the daemons are, in front of `@<trust domain>`. */
export const IDENTITIES = {
  accessPoint: 'ap',
  execute: 'execute',
  password: 'condor_pool',
  monitor: 'monitor',
} as const;

/**
 * The operator whose kinds say what Prometheus scrapes and alerts; the cluster brings it.
 *
 * @see https://github.com/prometheus-operator/prometheus-operator/releases
 */
export const PROMETHEUS_OPERATOR = {
  version: 'v0.93.0',
  commit: 'f8fafd475f3d132e239432ae6172de60a6cb6516',
} as const;

/** ConfigMap that says when each token ends, in seconds since 1970: written with the tokens, read by the exporter. */
export const TOKEN_EXPIRY = 'htcondor-token-expiry';

/** The exporter of the pool: what Prometheus and KEDA ask. */
export const EXPORTER = {
  name: 'exporter',
  port: 8080,
  metricsPath: '/metrics',
  /** `{"pools": {"<execute pool>": {"workers": <further workers that idle jobs want>}}}` */
  demandPath: '/demand.json',
  healthPath: '/healthz',
} as const;

const MEBIBYTE = 1024 ** 2;

/** User priorities of the negotiator and reconnect data of the collector: a few megabytes in years. */
export const STATE_VOLUME = { bytes: 1024 * MEBIBYTE, text: '1Gi' } as const;

/**
 * Memory of a worker pod that no job gets: master, startd, and a starter of about 10 MiB for each job. Without it the
 * kernel ends the whole pod where HTCondor would have held one job.
 */
export const MEMORY_HEADROOM_MEBIBYTES = 512;
export const MEMORY_HEADROOM_BYTES = MEMORY_HEADROOM_MEBIBYTES * MEBIBYTE;

/** Ephemeral storage of a worker pod beside the jobs' scratch: the logs of its daemons, which HTCondor rotates. */
export const DISK_HEADROOM_BYTES = 1024 * MEBIBYTE;

/**
 * The KEDA that the cluster of a site brings, and what this repository is tried with.
 *
 * @see https://keda.sh/docs/2.20/reference/scaledjob-spec/
 */
export const KEDA = { version: 'v2.20.2' } as const;

/** File of a worker's configuration that lets jobs run in containers. */
export const CONTAINERS_CONFIG = '50-containers.conf';

/** Name of the accounting group of an experiment: parameter names of HTCondor have no hyphen. */
export function accountingGroup(experiment: string): string {
  return `group_${experiment.replaceAll('-', '_')}`;
}
