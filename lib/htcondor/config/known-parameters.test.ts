import { notebookConfig } from './notebook';
import { configurations, everything, smallest, synthesise } from '../htcondor.fixture';
import { table, unknown } from './known-parameters.fixture';

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
