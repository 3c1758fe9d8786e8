import { longhornProps, longhornSecrets, nodeTaints, storageProps } from './storage';
import { siteOf } from './site.fixture';

const site = siteOf('full');
const { storage } = site;
if (!storage) throw new Error('the site has no storage');

test('Longhorn tolerates each taint of the site once, because homes and spools are mounted everywhere', () => {
  expect(nodeTaints(siteOf('windows'))).toEqual([
    { key: 'dedicated', effect: 'NoExecute' },
    { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
  ]);
  expect(longhornProps(site, storage).tolerations).toEqual(nodeTaints(site));
});

test('what the site states is set instead of what follows from its disks', () => {
  const { settings } = longhornProps(site, storage);
  expect(settings).toMatchObject({
    'default-data-path': '/srv/longhorn/',
    'storage-reserved-percentage-for-default-disk': '5',
    'storage-over-provisioning-percentage': '200',
  });
});

test('a job looks after the classes that name it', () => {
  const { classes, jobs } = storageProps(storage);
  expect(classes.map(({ backupGroups }) => backupGroups)).toEqual([['rwo'], ['rwx'], ['scratch']]);
  expect(Object.fromEntries(jobs.map(({ name, groups }) => [name, groups]))).toEqual({
    nightly: ['rwo', 'rwx'],
    'hourly-snapshot': ['rwo'],
    trim: ['rwo', 'rwx', 'scratch'],
    system: [],
  });
});

test('backups go where the site says, with the Secret that it names', () => {
  expect(longhornProps(site, storage)).toMatchObject({
    backup: { url: 's3://af-pg-backup@eu-south-1/longhorn', credentialSecret: 'longhorn-s3' },
    backupEgress: [{ cidrs: ['203.0.113.0/26'], port: 9000 }],
  });
  expect(longhornSecrets(site, storage).map(({ name }) => name)).toEqual([
    'longhorn-s3',
    'registry-credentials',
  ]);
});
