import type { Attempt } from './attempts';
import { runCell } from './cells';
import type { Person } from './people';

/** Seconds that a job of a second may take from its submission to its end. */
const PATIENCE = 180;

/** What the queue says of a job of one. */
export interface NotebookJob {
  readonly ClusterId: number;
  readonly Owner: string;
  readonly JobStatus: number;
  readonly ExitCode?: number;
  readonly HoldReason?: string;
  /** Seconds since 1970. */
  readonly QDate: number;
  readonly JobCurrentStartDate?: number;
  readonly output?: string;
}

/** Submits a job from a notebook, and waits until it is done. */
export async function jobFromNotebook(person: Person, script: string): Promise<NotebookJob> {
  return runCell(person, 'job', { JOB: { script, wait: PATIENCE } });
}

/** Submits a job that runs until it is removed, and does not wait for it. */
export async function longJobFromNotebook(person: Person): Promise<NotebookJob> {
  return runCell(person, 'job', { JOB: { script: 'sleep 3600', wait: 0 } });
}

/** Tries from a notebook everything that is done with jobs. */
export async function triesOnJob(
  by: Person,
  on: Person,
  { ClusterId }: NotebookJob,
): Promise<readonly Attempt[]> {
  const tries = await runCell<readonly { readonly what: string; readonly refused: string | null }[]>(
    by,
    'job_tries',
    { JOB: String(ClusterId) },
  );
  return tries.map(({ what, refused }) => ({
    who: `${by.visitor.account} on ${on.visitor.account}`,
    what,
    refused: refused ?? undefined,
  }));
}
