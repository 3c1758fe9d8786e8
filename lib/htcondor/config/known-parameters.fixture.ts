import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Names of parameters that HTCondor knows. */
export const table = new Set(
  readFileSync(path.join(__dirname, 'known-parameters.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

/** Read by the daemons but not in their table: the names stand in the binaries of 23.9.6. */
const IN_BINARIES = [
  'CONDOR_HOST',
  'DEDICATED_EXECUTE_ACCOUNT_REGEXP',
  'MAX_HISTORY_LOG',
  'MAX_HISTORY_ROTATIONS',
  'ROTATE_HISTORY_DAILY',
  'SCITOKENS_SERVER_AUDIENCE',
  'STARTER_ALLOW_RUNAS_OWNER',
  'NUM_SLOTS',
  'SINGULARITY_BIND_EXPR',
];

const PERMISSION = 'READ|WRITE|DAEMON|NEGOTIATOR|ADMINISTRATOR|ADVERTISE_(?:STARTD|SCHEDD|MASTER)';

/** Names that daemons put together: every part is one of its list, so that a misspelt part is found too. */
const FAMILIES = [
  new RegExp(`^ALLOW_(?:${PERMISSION})$`),
  new RegExp(
    `^SEC_(?:DEFAULT|CLIENT|${PERMISSION})_(?:AUTHENTICATION|ENCRYPTION|INTEGRITY|AUTHENTICATION_METHODS|CRYPTO_METHODS)$`,
  ),
  /^GROUP_QUOTA_DYNAMIC_GROUP_[A-Z0-9_]+(?:\.[A-Z0-9_]+)?$/,
  /^SLOT1_\d+_USER$/,
  /^(?:NUM_SLOTS_TYPE_1|SLOT_TYPE_1|SLOT_TYPE_1_PARTITIONABLE)$/,
  /^SUBMIT_REQUIREMENT_(?:VANILLAONLY|NODOCKER|NOCONTAINERS)(?:_REASON)?$/,
  /^JOB_TRANSFORM_(?:NAMES|LEASE)$/,
  /^SYSTEM_PERIODIC_HOLD_(?:NAMES|(?:WALLTIME|SCRATCH)(?:_REASON)?)$/,
  /^SCHEDD_(?:ARGS|HOST)$/,
  /^(?:SCHEDD_AUDIT_LOG|MAX_SCHEDD_AUDIT_LOG|MAX_NUM_SCHEDD_AUDIT_LOG)$/,
];

/** Of the lines of a file, those whose parameter nobody reads. */
export function unknown(text: string): string[] {
  const names = text.split('\n').flatMap((line) => /^(\w[\w.-]*)\s*=/.exec(line)?.[1] ?? []);
  // What STARTD_ATTRS names is an attribute of ours.
  const own = (/^STARTD_ATTRS = \$\(STARTD_ATTRS\) (.*)$/m.exec(text)?.[1] ?? '').split(' ');
  return names.filter((name) => {
    const key = name.toUpperCase();
    return (
      !own.includes(name) &&
      !table.has(key) &&
      !IN_BINARIES.includes(key) &&
      !FAMILIES.some((family) => family.test(key))
    );
  });
}
