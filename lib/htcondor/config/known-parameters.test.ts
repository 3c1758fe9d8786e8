import { readFileSync } from 'node:fs';
import path from 'node:path';
import { notebookConfig } from './notebook';
import { configurations, everything, smallest, synthesise } from '../htcondor.fixture';

const table = new Set(
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
  /^SUBMIT_REQUIREMENT_VANILLAONLY(?:_REASON)?$/,
  /^JOB_TRANSFORM_(?:NAMES|LEASE)$/,
  /^SYSTEM_PERIODIC_HOLD_(?:NAMES|(?:WALLTIME|SCRATCH)(?:_REASON)?)$/,
  /^SCHEDD_ARGS$/,
  /^(?:SCHEDD_AUDIT_LOG|MAX_SCHEDD_AUDIT_LOG|MAX_NUM_SCHEDD_AUDIT_LOG)$/,
];

/** Of the lines of a file, those whose parameter nobody reads. */
function unknown(text: string): string[] {
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

const METAKNOBS = [
  /^use FEATURE:AssignAccountingGroup\(\/etc\/condor\/mapfiles\/groups\)$/,
  /^use FEATURE:GPUs\(-extra\)$/,
  /^use POLICY:HOLD_IF_(?:MEMORY|DISK)_EXCEEDED$/,
];

const files = [
  ...configurations(synthesise(smallest)),
  ...configurations(synthesise(everything)),
  [
    'condor_config of notebooks',
    notebookConfig({
      addressFile: '/run/af/access-point',
      trustDomain: 'af.example.org',
      tokens: '/run/af/pool',
    }),
  ] as const,
  ...configurations(synthesise({ ...everything, pool: { ...everything.pool, method: 'password' } })),
];

test('the table of names is there', () => {
  expect(table.size).toBeGreaterThan(1000);
  expect(files.length).toBeGreaterThan(20);
});

test.each(files)('%s sets parameters that HTCondor knows, each once', (_, text) => {
  expect(unknown(text)).toEqual([]);
  const names = text.split('\n').flatMap((line) => /^([\w.]+) =/.exec(line)?.[1] ?? []);
  expect([...new Set(names)]).toEqual(names);
});

test.each(files)('%s has nothing but comments, settings and known features', (_, text) => {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
  const odd = lines.filter(
    (line) => !/^[\w.]+ = \S/.test(line) && !METAKNOBS.some((metaknob) => metaknob.test(line)),
  );
  expect(odd).toEqual([]);
  expect(text.split('$(').length).toBe(text.split(/\$\(\w+\)/).length);
});

test.each([
  ['SEC_DEFUALT_ENCRYPTION = REQUIRED'],
  ['SEC_DEFAULT_ENCRYPTON = REQUIRED'],
  ['SCHED_INTERVALL = 5'],
  ['ALLOW_ADVERTISE = condor@af.example.org'],
  ['ALLOW_REMOTE_SUBMIT = condor@af.example.org'],
  ['GSI_DAEMON_PROXY = /etc/proxy'],
  ['GROUP_QUOTA_DYNAMIC_group_my-vo = 0.5'],
  ['HasCvmsf = True'],
])('a misspelt parameter is reported: %s', (line) => {
  expect(unknown(line)).toEqual([line.split(' ')[0]]);
});
