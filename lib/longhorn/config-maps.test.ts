import { parse } from 'yaml';
import { duration } from '../kubernetes/duration';
import type { BackupTarget } from './config-maps';
import { backupTargetText, embeddedClassText } from './config-maps';

test('the backup target is three texts, its interval in seconds', () => {
  const backup: Required<BackupTarget> = {
    url: 's3://bucket@region/site',
    credentialSecret: 'longhorn-s3',
    pollInterval: duration(300),
  };
  expect(backupTargetText(backup)).toBe(
    'backup-target: "s3://bucket@region/site"\n' +
      'backup-target-credential-secret: "longhorn-s3"\n' +
      'backupstore-poll-interval: "300"\n',
  );
});

test('a target without log-in clears the Secret that an earlier one had', () => {
  expect(backupTargetText({ url: 'nfs://nas:/backup', pollInterval: duration(60) })).toContain(
    'backup-target-credential-secret: ""\n',
  );
});

test('a site that gives up its backups clears the target, and does not leave the old one', () => {
  expect(backupTargetText(undefined)).toContain('backup-target: ""\n');
});

test('the class that Longhorn makes itself is not the default one, and its parameters are texts', () => {
  const made: unknown = parse(embeddedClassText());
  expect(made).toMatchObject({
    kind: 'StorageClass',
    metadata: {
      name: 'longhorn',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
    },
    parameters: { numberOfReplicas: '3', staleReplicaTimeout: '30', disableRevisionCounter: 'true' },
  });
});
