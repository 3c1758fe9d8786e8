import type { Attempt } from './attempts';
import { runCell } from './cells';
import type { Person } from './people';

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
  /** From where it was sent. */
  readonly folder: string;
}

/** Submits a job from a notebook, waits until it is done, and fetches its output. */
export async function jobFromNotebook(person: Person, script: string, memory = '64MB'): Promise<NotebookJob> {
  return runCell(person, 'job', { JOB: { script, memory, wait: true, fetch: true } });
}

/** A job that runs until it is removed, and one that is done and whose output nobody has fetched. */
export interface OpenJobs {
  readonly running: NotebookJob;
  readonly done: NotebookJob;
}

export async function openJobs(person: Person): Promise<OpenJobs> {
  const submit = (script: string, wait: boolean) =>
    runCell<NotebookJob>(person, 'job', { JOB: { script, memory: '64MB', wait, fetch: false } });
  const done = await submit('echo mine', true);
  return { done, running: await submit('sleep 3600', false) };
}

/** Tries from a notebook everything that is done with jobs. */
export async function triesOnJobs(
  by: Person,
  on: Person,
  { running, done }: OpenJobs,
): Promise<readonly Attempt[]> {
  const tries = await runCell<readonly { readonly what: string; readonly refused: string | null }[]>(
    by,
    'job_tries',
    { RUNNING: String(running.ClusterId), DONE: { job: String(done.ClusterId), folder: done.folder } },
  );
  return tries.map(({ what, refused }) => ({
    who: `${by.visitor.account} on ${on.visitor.account}`,
    what,
    refused: refused ?? undefined,
  }));
}
