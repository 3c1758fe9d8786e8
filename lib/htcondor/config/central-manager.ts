import { IDENTITIES, PORT, type DaemonMethod } from '../release';
import { conf } from './conf';
import { daemonMethods } from './common';
import { MAP_FILE_LINES, outsideClientLines } from './outside-clients';

export interface CentralManagerConfig {
  readonly poolName: string;
  /** Host name of its Service. */
  readonly hostName: string;
  readonly negotiatorIntervalSeconds: number;
  readonly method: DaemonMethod;
  /** Whether the exporter may look. */
  readonly monitored: boolean;
  /** Values of `aud` of users who may look at the pool from outside. @default nobody outside may */
  readonly outsideAudience?: readonly string[];
}

/**
 * Collector and negotiator.
 *
 * Workers and access points may say that they exist, nothing more; nobody may write.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/cm-configuration.html
 */
export function centralManagerConfig(props: CentralManagerConfig): string {
  const { method, monitored, outsideAudience } = props;
  const identity = (role: 'accessPoint' | 'execute') =>
    `${method === 'password' ? IDENTITIES.password : IDENTITIES[role]}@$(UID_DOMAIN)`;
  const [execute, accessPoint, own] = [identity('execute'), identity('accessPoint'), 'condor@$(UID_DOMAIN)'];
  const members = [...new Set([execute, accessPoint, own])].join(', ');
  const readers = [
    members,
    ...(monitored ? [`${IDENTITIES.monitor}@$(UID_DOMAIN)`] : []),
    ...(outsideAudience ? ['*@$(UID_DOMAIN)'] : []),
  ];
  const methods = [
    daemonMethods(method),
    ...(monitored && method === 'password' ? ['IDTOKENS'] : []),
    ...(outsideAudience ? ['SCITOKENS'] : []),
  ].join(', ');
  return conf('Central manager', [
    'DAEMON_LIST = MASTER, SHARED_PORT, COLLECTOR, NEGOTIATOR',
    `NETWORK_HOSTNAME = ${props.hostName}`,
    // Behind its Service's address the collector does not know itself: it would report to itself, and wait for the answer.
    `COLLECTOR_HOST = $(IP_ADDRESS):${String(PORT)}`,
    `COLLECTOR_NAME = ${props.poolName}`,
    'COLLECTOR_BOOTSTRAP_SSL_CERTIFICATE = False',
    'CCB_RECONNECT_FILE = $(SPOOL)/ccb_reconnect',
    `NEGOTIATOR_INTERVAL = ${String(props.negotiatorIntervalSeconds)}`,
    `ALLOW_ADVERTISE_STARTD = ${execute}`,
    `ALLOW_ADVERTISE_SCHEDD = ${accessPoint}`,
    `ALLOW_ADVERTISE_MASTER = ${members}`,
    `ALLOW_READ = ${readers.join(', ')}`,
    ...(methods === daemonMethods(method) ? [] : [`SEC_READ_AUTHENTICATION_METHODS = ${methods}`]),
    ...(outsideAudience ? [...outsideClientLines(outsideAudience), ...MAP_FILE_LINES] : []),
  ]);
}
