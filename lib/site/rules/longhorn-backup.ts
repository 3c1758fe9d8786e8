import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

const KEEPS_NOTHING: readonly string[] = ['filesystem-trim', 'snapshot-cleanup'];
/** One does not work without the other. */
const S3_KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const TO_TARGET: readonly string[] = ['backup', 'backup-force-create', 'system-backup'];

export const jobRetention: SiteRule = {
  id: 'AF-LH-31',
  why: 'Longhorn changes a number that does not fit the task, and Argo CD sees a difference for ever.',
  check: ({ storage }) =>
    (storage?.longhorn.backup?.jobs ?? []).flatMap(({ task, retain }, index): Finding[] => {
      const path = ['storage', 'longhorn', 'backup', 'jobs', index, 'retain'];
      if (KEEPS_NOTHING.includes(task)) {
        return retain === 0
          ? []
          : [
              {
                path,
                expected: `0, because ${task} keeps nothing`,
                got: String(retain),
                fix: { kind: 'set', path, value: 0 },
              },
            ];
      }
      if (retain > 0 || task === 'snapshot-delete') return [];
      return [
        {
          path,
          expected: `1 or more, because ${task} would keep nothing`,
          got: '0',
          fix: { kind: 'set', path, value: 7, example: true },
        },
      ];
    }),
};

export const backupTarget: SiteRule = {
  id: 'AF-LH-52',
  why: 'A backup without a target fails every night, and nobody looks until it is needed.',
  check({ storage }): Finding[] {
    const backup = storage?.longhorn.backup;
    if (!backup) return [];
    const path = ['storage', 'longhorn', 'backup', 'target'];
    const { target } = backup;
    if (target?.url.startsWith('s3:') === true && !target.credentials) {
      const at = [...path, 'credentials'];
      return [
        {
          path: at,
          expected: 'the Secret with the keys of the bucket',
          got: 'nothing',
          fix: { kind: 'add' as const, path: at, value: { secret: 'longhorn-s3' }, example: true },
        },
      ];
    }
    const keys = target?.url.startsWith('s3:') === true ? (target.credentials?.keys ?? []) : S3_KEYS;
    const missing = S3_KEYS.filter((key) => !keys.includes(key));
    if (missing.length > 0) {
      const at = [...path, 'credentials', 'keys'];
      return [
        {
          path: at,
          expected: S3_KEYS.join(' and '),
          got: `no ${missing.join(', no ')}`,
          fix: { kind: 'set', path: at, value: [...S3_KEYS, ...keys.filter((key) => !isS3Key(key))] },
        },
      ];
    }
    const job = backup.jobs.find(({ task }) => TO_TARGET.includes(task));
    if (target || !job) return [];
    const value = {
      url: 's3://af-backup@eu-south-1/longhorn',
      credentials: { secret: 'longhorn-s3' },
      egress: [{ cidrs: ['203.0.113.0/24'] }],
    };
    const expected = `a target, because the task of ${job.name} is ${job.task}`;
    return [{ path, expected, got: 'nothing', fix: { kind: 'add' as const, path, value, example: true } }];
  },
};

function isS3Key(key: string): boolean {
  return S3_KEYS.some((each) => each === key);
}
