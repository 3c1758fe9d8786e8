import type { Bytes } from '../../kubernetes/quantity';
import type { DaemonMethod } from '../release';
import { conf, quoted } from './conf';
import { daemonMethods, PATHS } from './common';
import { MAP_FILE_LINES, outsideClientLines } from './outside-clients';

/** What jobs may use up. */
export interface JobLimits {
  /** Seconds that a job may run; then it is held. */
  readonly wallTimeSeconds: number;
  /** Scratch space that a job may fill. @default what the job has asked for */
  readonly scratch?: Bytes;
}

export interface AccessPointConfig {
  readonly name: string;
  /** Host name of its Service. */
  readonly hostName: string;
  readonly method: DaemonMethod;
  /** Whether it trusts the tokens that the hub makes for notebooks. */
  readonly trustsHub: boolean;
  /** Whether the exporter may look. */
  readonly monitored: boolean;
  /** Values of `aud` of users who come with a token of an issuer. @default nobody does */
  readonly outsideAudience?: readonly string[];
  readonly limits: JobLimits;
  readonly maxJobsPerOwner: number;
  /** Whole days for which history and audit log are kept. */
  readonly auditDays: number;
  /** Whether users belong to accounting groups. */
  readonly hasGroups: boolean;
  /** Whether workers of the pool run jobs in containers. */
  readonly hasContainers: boolean;
}

/**
 * How long an access point may be away before its running jobs are given up, and how long a lost worker blocks a job:
 * long enough for a pod to move to another node, a quarter of HTCondor's default.
 */
const LEASE_SECONDS = 600;

/** Large enough that a day's file is never cut before the day is over. */
const HISTORY_BYTES = 1024 ** 3;

/**
 * The queue and its doors.
 *
 * Leftovers of a partitionable slot stay with the negotiator, because an access point that gives them to its own jobs
 * knows no quota. Only vanilla jobs are taken: others would run beside the daemon, as its user. A job in a container is one
 * of these, and is refused where it would wait for ever.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/ap-policy-configuration.html
 */
export function accessPointConfig(props: AccessPointConfig): string {
  const { outsideAudience, limits } = props;
  const methods = [
    ...daemonMethods(props.method).split(', '),
    ...(props.trustsHub || props.monitored ? ['IDTOKENS'] : []),
    ...(outsideAudience ? ['SCITOKENS'] : []),
  ];
  return conf('Access point', [
    'DAEMON_LIST = MASTER, SHARED_PORT, SCHEDD',
    `NETWORK_HOSTNAME = ${props.hostName}`,
    `SCHEDD_NAME = ${props.name}@$(NETWORK_HOSTNAME)`,
    // With these two the address alone leads to the schedd, and outside clients need no collector.
    'SCHEDD_ARGS = -sock schedd',
    'SHARED_PORT_DEFAULT_ID = schedd',
    `SEC_DEFAULT_AUTHENTICATION_METHODS = ${[...new Set(methods)].join(', ')}`,
    ...(outsideAudience ? outsideClientLines(outsideAudience) : []),
    ...MAP_FILE_LINES,
    'ALLOW_WRITE = *@$(UID_DOMAIN)',
    `JOB_DEFAULT_LEASE_DURATION = ${String(LEASE_SECONDS)}`,
    // Clients outside bring a lease of their own, forty minutes unless somebody has changed it.
    'JOB_TRANSFORM_NAMES = $(JOB_TRANSFORM_NAMES) Lease',
    'JOB_TRANSFORM_Lease = SET JobLeaseDuration $(JOB_DEFAULT_LEASE_DURATION)',
    'CLAIM_PARTITIONABLE_LEFTOVERS = False',
    'START_LOCAL_UNIVERSE = False',
    'START_SCHEDULER_UNIVERSE = False',
    ...(props.hasGroups ? [`use FEATURE:AssignAccountingGroup(${PATHS.maps}/groups)`] : []),
    `SUBMIT_REQUIREMENT_NAMES = $(SUBMIT_REQUIREMENT_NAMES) VanillaOnly NoDocker${props.hasContainers ? '' : ' NoContainers'}`,
    'SUBMIT_REQUIREMENT_VanillaOnly = JobUniverse == 5',
    'SUBMIT_REQUIREMENT_VanillaOnly_REASON = "only vanilla universe jobs are accepted here"',
    'SUBMIT_REQUIREMENT_NoDocker = WantDocker =!= True',
    'SUBMIT_REQUIREMENT_NoDocker_REASON = "there is no Docker here: container_image takes the place of docker_image"',
    ...(props.hasContainers
      ? []
      : [
          'SUBMIT_REQUIREMENT_NoContainers = WantContainer =!= True',
          'SUBMIT_REQUIREMENT_NoContainers_REASON = "no worker of this pool runs jobs in containers"',
        ]),
    `MAX_JOBS_PER_OWNER = ${String(props.maxJobsPerOwner)}`,
    ...limitLines(limits),
    ...auditLines(props.auditDays),
  ]);
}

function limitLines({ wallTimeSeconds, scratch }: JobLimits): string[] {
  return [
    `SYSTEM_PERIODIC_HOLD_NAMES = WallTime${scratch ? ' Scratch' : ''}`,
    `SYSTEM_PERIODIC_HOLD_WallTime = JobStatus == 2 && (time() - JobCurrentStartDate) > ${String(wallTimeSeconds)}`,
    `SYSTEM_PERIODIC_HOLD_WallTime_REASON = ${quoted(`the job ran longer than ${String(wallTimeSeconds)} seconds, the limit of this access point`)}`,
    ...(scratch
      ? [
          `SYSTEM_PERIODIC_HOLD_Scratch = JobStatus == 2 && DiskUsage > ${String(Math.floor(scratch.bytes / 1024))}`,
          `SYSTEM_PERIODIC_HOLD_Scratch_REASON = ${quoted(`the job filled more than ${scratch.text} of scratch space, the limit of this access point`)}`,
        ]
      : []),
  ];
}

/** A file a day, and as many as there are days; on the spool's volume, so that they outlive the pod. */
function auditLines(days: number): string[] {
  return [
    'ROTATE_HISTORY_DAILY = True',
    `MAX_HISTORY_LOG = ${String(HISTORY_BYTES)}`,
    `MAX_HISTORY_ROTATIONS = ${String(days)}`,
    'SCHEDD_AUDIT_LOG = $(SPOOL)/audit.schedd',
    'MAX_SCHEDD_AUDIT_LOG = 1 Day',
    `MAX_NUM_SCHEDD_AUDIT_LOG = ${String(days)}`,
    // Otherwise the daily cleaning of the spool takes the audit log away.
    'VALID_SPOOL_FILES = audit.schedd*',
  ];
}
