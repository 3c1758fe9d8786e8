import { App, Chart } from 'cdk8s';
import type { RecurringJobProps, RecurringTask } from './recurring-job';
import { recurringJob, retained } from './recurring-job';
import type { StorageProps } from './storage';
import { Storage } from './storage';
import type { StorageClassProps } from './storage-class';
import { storageClass } from './storage-class';

const smallest: StorageClassProps = {
  name: 'af-rwo',
  replicas: 3,
  reclaimPolicy: 'Retain',
  accessMode: 'ReadWriteOnce',
};

const everything: Required<StorageClassProps> = {
  name: 'af-home',
  replicas: 2,
  reclaimPolicy: 'Delete',
  accessMode: 'ReadWriteMany',
  dataLocality: 'best-effort',
  default: true,
  backupGroups: ['nightly', 'weekly'],
  staleReplicaMinutes: 60,
};

const job: Required<RecurringJobProps> = {
  name: 'nightly',
  task: 'backup',
  cron: '17 2 * * *',
  retain: 14,
  concurrency: 2,
  groups: [],
};

const PROTECTION = 'argocd.argoproj.io/sync-options';
const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

function synthesise(props: Required<StorageProps>): unknown[] {
  const chart = new Chart(new App(), 'storage', { disableResourceNameHashes: true });
  new Storage(chart, 'storage', props);
  return chart.toJson();
}

describe('a storage class', () => {
  test('says everything that the site says, with texts as parameters', () => {
    expect(synthesise({ classes: [everything], jobs: [] })).toEqual([
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'af-home', annotations: { [DEFAULT]: 'true' } },
        provisioner: 'driver.longhorn.io',
        allowVolumeExpansion: true,
        reclaimPolicy: 'Delete',
        volumeBindingMode: 'Immediate',
        parameters: {
          dataEngine: 'v1',
          dataLocality: 'best-effort',
          fsType: 'ext4',
          numberOfReplicas: '2',
          staleReplicaTimeout: '60',
          recurringJobSelector: '[{"name":"nightly","isGroup":true},{"name":"weekly","isGroup":true}]',
        },
      },
    ]);
  });

  test('that retains volumes is kept by Argo CD; one that deletes them is not', () => {
    expect(storageClass(smallest).metadata?.annotations).toEqual({
      [DEFAULT]: 'false',
      [PROTECTION]: 'Prune=false,Delete=false',
    });
    expect(storageClass({ ...smallest, reclaimPolicy: 'Delete' }).metadata?.annotations).toEqual({
      [DEFAULT]: 'false',
    });
  });

  test('keeps a copy near its user, but not where the volume is shared', () => {
    expect(storageClass(smallest).parameters?.['dataLocality']).toBe('best-effort');
    expect(storageClass({ ...smallest, accessMode: 'ReadWriteMany' }).parameters?.['dataLocality']).toBe(
      'disabled',
    );
  });

  test('says nothing of NFS options and live migration', () => {
    const { parameters } = storageClass({ ...smallest, accessMode: 'ReadWriteMany' });
    expect(parameters).not.toHaveProperty('nfsOptions');
    expect(parameters).not.toHaveProperty('migratable');
  });

  test('without backup groups selects no recurring job', () => {
    expect(storageClass(smallest).parameters).not.toHaveProperty('recurringJobSelector');
  });

  test('gives a failed copy up sooner where it is the only one', () => {
    expect(storageClass(smallest).parameters?.['staleReplicaTimeout']).toBe('2880');
    expect(storageClass({ ...smallest, replicas: 1 }).parameters?.['staleReplicaTimeout']).toBe('30');
  });

  test.each(['longhorn', 'longhorn-static'])('cannot be named %s', (name) => {
    expect(() => storageClass({ ...smallest, name })).toThrow(`StorageClass ${name}: the name belongs to`);
  });
});

describe('a recurring job', () => {
  test('states every field, the empty ones too', () => {
    expect(synthesise({ classes: [], jobs: [job] })).toEqual([
      {
        apiVersion: 'longhorn.io/v1beta2',
        kind: 'RecurringJob',
        metadata: { name: 'nightly', namespace: 'longhorn-system' },
        spec: {
          name: 'nightly',
          task: 'backup',
          cron: '17 2 * * *',
          retain: 14,
          concurrency: 2,
          groups: [],
          labels: {},
          parameters: {},
        },
      },
    ]);
  });

  test.each<[RecurringTask, number, number]>([
    ['filesystem-trim', 5, 0],
    ['snapshot-cleanup', 5, 0],
    ['snapshot-delete', 0, 0],
    ['snapshot-delete', 7, 7],
    ['snapshot', 0, 1],
    ['backup', 14, 14],
    ['system-backup', 0, 1],
  ])('%s with %d keeps %d, as Longhorn’s webhook would make it', (task, retain, kept) => {
    expect(retained(task, retain)).toBe(kept);
  });

  test('has the task that the site names', () => {
    const tasks: RecurringTask[] = [
      'snapshot',
      'snapshot-force-create',
      'snapshot-cleanup',
      'snapshot-delete',
    ];
    const others: RecurringTask[] = ['backup', 'backup-force-create', 'filesystem-trim', 'system-backup'];
    for (const task of [...tasks, ...others]) expect(recurringJob({ ...job, task }).spec?.task).toBe(task);
  });

  test('works on the groups that it is given, as many volumes at a time as the site says', () => {
    expect(recurringJob({ ...job, groups: ['rwo', 'rwx'], concurrency: 3 }).spec).toMatchObject({
      groups: ['rwo', 'rwx'],
      concurrency: 3,
    });
  });

  test('with a name that Longhorn would cut is refused', () => {
    expect(recurringJob({ ...job, name: 'n'.repeat(40) }).metadata?.name).toHaveLength(40);
    expect(() => recurringJob({ ...job, name: 'n'.repeat(41) })).toThrow(
      '41 characters, but Longhorn cuts names at 40',
    );
  });
});
