import type { RecurringJobProps as RecurringJobObject } from '../../imports/longhorn.io';
import { RecurringJobSpecTask } from '../../imports/longhorn.io';
import { NAMESPACE } from '../longhorn/release';

const TASKS = {
  snapshot: RecurringJobSpecTask.SNAPSHOT,
  'snapshot-force-create': RecurringJobSpecTask.SNAPSHOT_HYPHEN_FORCE_HYPHEN_CREATE,
  'snapshot-cleanup': RecurringJobSpecTask.SNAPSHOT_HYPHEN_CLEANUP,
  'snapshot-delete': RecurringJobSpecTask.SNAPSHOT_HYPHEN_DELETE,
  backup: RecurringJobSpecTask.BACKUP,
  'backup-force-create': RecurringJobSpecTask.BACKUP_HYPHEN_FORCE_HYPHEN_CREATE,
  'filesystem-trim': RecurringJobSpecTask.FILESYSTEM_HYPHEN_TRIM,
  'system-backup': RecurringJobSpecTask.SYSTEM_HYPHEN_BACKUP,
} as const;

export type RecurringTask = keyof typeof TASKS;

/** Longhorn cuts a longer name, and Argo CD then looks for an object that is not there. */
export const JOB_NAME_MAX = 40;

export interface RecurringJobProps {
  /** At most 40 characters. */
  readonly name: string;
  readonly task: RecurringTask;
  /** Five fields of cron, in the time zone of the cluster. */
  readonly cron: string;
  /**
   * Snapshots or backups that are kept; the tasks `filesystem-trim` and `snapshot-cleanup` keep none,
   * whatever it says.
   */
  readonly retain: number;
  /** Volumes that are worked on at the same time. */
  readonly concurrency: number;
  /** Groups of volumes; `default` is every volume that has no job of its own. */
  readonly groups: readonly string[];
}

/**
 * A task that Longhorn repeats for groups of volumes.
 *
 * All fields are stated, empty ones too: Longhorn's webhook fills in what is missing, and Argo CD would see a
 * difference for ever.
 *
 * @see https://longhorn.io/docs/1.12.1/snapshots-and-backups/scheduling-backups-and-snapshots/
 */
export function recurringJob(props: RecurringJobProps): RecurringJobObject {
  const { name, task, cron, concurrency, groups } = props;
  if (name.length > JOB_NAME_MAX) {
    throw new Error(
      `RecurringJob ${name}: ${String(name.length)} characters, but Longhorn cuts names at ${String(JOB_NAME_MAX)}`,
    );
  }
  return {
    metadata: { name, namespace: NAMESPACE },
    spec: {
      name,
      task: TASKS[task],
      cron,
      retain: retained(task, props.retain),
      concurrency,
      groups: [...groups],
      labels: {},
      parameters: {},
    },
  };
}

/**
 * The number that Longhorn's webhook leaves as it is: 0 for tasks that keep nothing, at least 1 for those
 * that must.
 */
export function retained(task: RecurringTask, retain: number): number {
  if (task === 'filesystem-trim' || task === 'snapshot-cleanup') return 0;
  return Math.max(retain, task === 'snapshot-delete' ? 0 : 1);
}
