import type { z } from 'zod';
import { cidr, duration, list, mapping, name, objectName, oneOf, text, wholeNumber } from '../field';
import { cron } from './cron';

const job = mapping(
  {
    description: 'Work that Longhorn repeats.',
    example: { name: 'nightly', task: 'backup', cron: '17 2 * * *', retain: 14 },
  },
  {
    name: name({ description: 'Name of the job.', example: 'nightly' }),
    task: oneOf(
      {
        description:
          "backup: to the target. snapshot: on the same disks. filesystem-trim: gives freed space back. snapshot-cleanup, snapshot-delete: thin snapshots out. system-backup: Longhorn's own objects, to the target.",
        example: 'backup',
      },
      [
        'snapshot',
        'snapshot-force-create',
        'snapshot-cleanup',
        'snapshot-delete',
        'backup',
        'backup-force-create',
        'filesystem-trim',
        'system-backup',
      ],
    ),
    cron: cron({
      description:
        "When: minute, hour, day of month, month, day of week, in the time zone of the cluster's nodes, mostly UTC.",
      example: '17 2 * * *',
    }),
    retain: wholeNumber(
      {
        description:
          'Snapshots or backups kept of each volume; 0 for filesystem-trim and snapshot-cleanup, which keep none.',
        example: 14,
      },
      { min: 0, max: 100 },
    ),
    concurrency: wholeNumber(
      { description: 'Volumes worked on at the same time.', example: 2 },
      { min: 1, max: 20 },
    ).default(2),
  },
);

/** Backups of volumes, and other work that Longhorn repeats. */
export const backup = mapping(
  {
    description: 'Backups of volumes. Absent: there are none.',
    example: { jobs: [{ name: 'nightly', task: 'snapshot', cron: '17 2 * * *', retain: 14 }] },
  },
  {
    target: mapping(
      {
        description:
          'Where backups go. Nothing else may delete there: no lifecycle or retention rules on the bucket.',
        example: {
          url: 's3://af-backup@eu-south-1/longhorn',
          credentials: { secret: 'longhorn-s3' },
          egress: [{ cidrs: ['203.0.113.0/24'], port: 443 }],
        },
      },
      {
        url: text(
          {
            description: 's3://bucket@region/path or nfs://server:/path',
            example: 's3://af-backup@eu-south-1/longhorn',
          },
          {
            pattern:
              /^(?:s3:\/\/[a-z0-9][-a-z0-9.]{1,61}[a-z0-9]@[a-z0-9-]+\/[\w./-]*|nfs:\/\/[\w.-]+:\/[\w./-]+)$/,
            expected: 's3://bucket@region/path or nfs://server:/path',
          },
        ),
        credentials: mapping(
          {
            description: 'Secret in the namespace longhorn-system; its values never stand in git.',
            example: { secret: 'longhorn-s3' },
          },
          {
            secret: objectName({ description: 'Name of the Secret.', example: 'longhorn-s3' }),
            keys: list(
              {
                description:
                  "Its keys. AWS_ENDPOINTS: for S3 that is not Amazon's. AWS_CERT: CA of a private S3.",
                example: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
              },
              oneOf({ description: 'A key that Longhorn knows.', example: 'AWS_ENDPOINTS' }, [
                'AWS_ACCESS_KEY_ID',
                'AWS_SECRET_ACCESS_KEY',
                'AWS_ENDPOINTS',
                'AWS_CERT',
                'VIRTUAL_HOSTED_STYLE',
              ]),
              1,
            ).default(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']),
          },
        ).optional(),
        pollInterval: duration(
          { description: 'How often Longhorn looks for backups that other clusters made.', example: '5m' },
          { min: '1m', max: '1d' },
        ).prefault('5m'),
        egress: list(
          {
            description: 'Networks and port of the target: only they may be reached from the storage.',
            example: [{ cidrs: ['203.0.113.0/24'], port: 443 }],
          },
          mapping(
            {
              description: 'A place that may be reached.',
              example: { cidrs: ['203.0.113.0/24'], port: 443 },
            },
            {
              cidrs: list(
                { description: 'Networks.', example: ['203.0.113.0/24'] },
                cidr({ description: 'A network.', example: '203.0.113.0/24' }),
                1,
              ),
              port: wholeNumber({ description: 'TCP port.', example: 443 }, { min: 1, max: 65_535 }).default(
                443,
              ),
            },
          ),
          1,
        ),
      },
    ).optional(),
    jobs: list(
      {
        description: 'The jobs.',
        example: [{ name: 'nightly', task: 'snapshot', cron: '17 2 * * *', retain: 14 }],
      },
      job,
      1,
    ),
  },
);

export type BackupJob = z.output<typeof job>;
