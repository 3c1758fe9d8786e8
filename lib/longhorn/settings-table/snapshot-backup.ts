import { flag, oneOf, perEngine, text, whole } from './setting';

/** Longhorn keeps at most this many snapshots of a volume. */
const SNAPSHOTS = 250;

const CRON = text(/^[\d*/,A-Za-z?-]+( [\d*/,A-Za-z?-]+){4}$/, 'five fields of cron', '0 0 */7 * *');

/** Snapshots and backups: taking, keeping, checking, restoring. */
export const SNAPSHOT_BACKUP = {
  'allow-recurring-job-while-volume-detached': flag(
    'false',
    'Attaches a volume for its recurring job; without it a volume that nobody uses at that hour is never backed up.',
  ),
  'recurring-job-max-retention': whole(
    1,
    SNAPSHOTS,
    'copies',
  )('100', 'Largest number of copies a recurring job may keep.'),
  'recurring-successful-jobs-history-limit': whole(
    0,
    undefined,
    'jobs',
  )('1', 'Finished runs of a recurring job that are kept.'),
  'recurring-failed-jobs-history-limit': whole(
    0,
    undefined,
    'jobs',
  )('1', 'Failed runs of a recurring job that are kept.'),
  'restore-volume-recurring-jobs': flag(
    'false',
    'Brings the recurring jobs of a volume back with its backup.',
  ),
  'failed-backup-ttl': whole(
    0,
    undefined,
    'minutes',
  )('1440', 'How long a failed backup stays listed; 0 for ever.'),
  'backup-execution-timeout': whole(
    1,
    undefined,
    'minutes',
  )('1', 'How long Longhorn waits for a backup to be executed.'),
  'backup-compression-method': oneOf(
    'none',
    'lz4',
    'gzip',
  )(
    'lz4',
    'How backups are compressed: gzip is smaller and slower, none is for data that is compressed already.',
  ),
  'backup-concurrent-limit': whole(1, undefined, 'threads')('2', 'Threads that write one backup.'),
  'restore-concurrent-limit': whole(1, undefined, 'threads')('2', 'Threads that read one backup.'),
  'default-backup-block-size': oneOf('2', '16')(
    '2',
    'Size in MiB of the blocks in which a new volume is backed up: larger means fewer objects in the bucket.',
  ),
  'auto-cleanup-system-generated-snapshot': flag(
    'true',
    'Removes the snapshots that rebuilding a replica leaves behind.',
  ),
  'auto-cleanup-recurring-job-backup-snapshot': flag(
    'true',
    'Keeps only the newest snapshot of a recurring backup.',
  ),
  'auto-cleanup-when-delete-backup': flag(
    'false',
    'Removes the snapshot of a backup together with the backup.',
  ),
  'auto-cleanup-snapshot-after-on-demand-backup-completed': flag(
    'false',
    'Removes the snapshot of a backup made by hand once the backup is complete.',
  ),
  'snapshot-max-count': whole(2, SNAPSHOTS, 'snapshots')('250', 'Largest number of snapshots of a volume.'),
  'snapshot-count-warning-threshold': whole(
    2,
    SNAPSHOTS,
    'snapshots',
  )('100', 'Number of snapshots from which a volume reports that it has too many.'),
  'snapshot-heavy-task-concurrent-limit': whole(
    0,
    undefined,
    'tasks per node',
  )('5', 'Purges and clones of snapshots at once; each needs free disk while it runs. 0 sets no limit.'),
  'freeze-filesystem-for-snapshot': perEngine(
    flag('false', 'Stops writes while a snapshot is taken; only with Linux 5.17 or newer on all nodes.'),
    'v1',
  ),
  'snapshot-data-integrity': perEngine(
    oneOf(
      'disabled',
      'enabled',
      'fast-check',
    )(
      'fast-check',
      'Checks snapshots by checksum: enabled reads all data each time, fast-check only what seems changed.',
    ),
    'v1',
    'v2',
  ),
  'snapshot-data-integrity-immediate-check-after-snapshot-creation': perEngine(
    flag('false', 'Makes the checksum at once after each snapshot, which costs disk reads while users work.'),
    'v1',
    'v2',
  ),
  'snapshot-data-integrity-cronjob': perEngine(
    CRON('0 0 */7 * *', 'When snapshots are checked.'),
    'v1',
    'v2',
  ),
};
