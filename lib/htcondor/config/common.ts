import { PORT, type DaemonMethod } from '../release';
import { conf } from './conf';

export interface CommonConfig {
  /** Domain of every identity of the pool. */
  readonly trustDomain: string;
  /** Host name of the central manager's Service. */
  readonly collector: string;
  readonly method: DaemonMethod;
}

/** Folders and files that pods mount, each once. */
export const PATHS = {
  config: '/etc/condor/config.d',
  tokens: '/etc/condor/tokens.d',
  passwords: '/etc/condor/passwords.d',
  poolPassword: '/etc/condor/pool-password',
  maps: '/etc/condor/mapfiles',
  tls: '/etc/condor/pki',
  spool: '/var/spool/condor',
  log: '/var/log/condor',
  lock: '/var/lock/condor',
  run: '/var/run/condor',
  execute: '/var/lib/condor/execute',
} as const;

/** The method by which daemons know each other; FS, before it, is for root's and condor's tools in the pod. */
export function daemonMethods(method: DaemonMethod): string {
  return method === 'password' ? 'FS, PASSWORD' : 'FS, IDTOKENS';
}

/**
 * What holds in every pod of the pool.
 *
 * Every ALLOW_ is stated, because the package's own defaults let everybody read and write. Administrators are known by
 * FS alone, so only inside the pod: no token, of whatever key, makes one.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/security.html
 */
export function commonConfig({ trustDomain, collector, method }: CommonConfig): string {
  const methods = daemonMethods(method);
  return conf('Every pod of the pool', [
    `CONDOR_HOST = ${collector}`,
    `COLLECTOR_HOST = $(CONDOR_HOST):${String(PORT)}`,
    `UID_DOMAIN = ${trustDomain}`,
    'TRUST_DOMAIN = $(UID_DOMAIN)',
    'FILESYSTEM_DOMAIN = $(FULL_HOSTNAME)',
    `LOG = ${PATHS.log}`,
    `LOCK = ${PATHS.lock}`,
    `RUN = ${PATHS.run}`,
    `SPOOL = ${PATHS.spool}`,
    `EXECUTE = ${PATHS.execute}`,
    'USE_SHARED_PORT = True',
    `SHARED_PORT_PORT = ${String(PORT)}`,
    'ENABLE_IPV6 = False',
    'ENABLE_KERNEL_TUNING = False',
    'DISCARD_SESSION_KEYRING_ON_STARTUP = False',
    'SEC_DEFAULT_AUTHENTICATION = REQUIRED',
    'SEC_DEFAULT_ENCRYPTION = REQUIRED',
    'SEC_DEFAULT_INTEGRITY = REQUIRED',
    'SEC_DEFAULT_CRYPTO_METHODS = AES',
    `SEC_DEFAULT_AUTHENTICATION_METHODS = ${methods}`,
    `SEC_CLIENT_AUTHENTICATION_METHODS = ${methods}`,
    'SEC_ADMINISTRATOR_AUTHENTICATION_METHODS = FS',
    `SEC_TOKEN_SYSTEM_DIRECTORY = ${PATHS.tokens}`,
    `SEC_TOKEN_DIRECTORY = ${PATHS.tokens}`,
    `SEC_PASSWORD_DIRECTORY = ${PATHS.passwords}`,
    ...(method === 'password' ? [`SEC_PASSWORD_FILE = ${PATHS.poolPassword}/pool-password`] : []),
    'SEC_ENABLE_TOKEN_REQUEST = False',
    'SEC_SCITOKENS_ALLOW_FOREIGN_TOKEN_TYPES = False',
    'ALLOW_ADMINISTRATOR = root@$(UID_DOMAIN), condor@$(UID_DOMAIN)',
    'ALLOW_READ = *@$(UID_DOMAIN)',
    'ALLOW_WRITE = condor@$(UID_DOMAIN), root@$(UID_DOMAIN)',
    'ALLOW_DAEMON = condor@$(UID_DOMAIN), root@$(UID_DOMAIN)',
    'ALLOW_NEGOTIATOR = condor@$(UID_DOMAIN)',
    'ALLOW_ADVERTISE_STARTD = condor@$(UID_DOMAIN)',
    'ALLOW_ADVERTISE_SCHEDD = condor@$(UID_DOMAIN)',
    'ALLOW_ADVERTISE_MASTER = condor@$(UID_DOMAIN)',
  ]);
}
