import { isFields, textAt, type Fields } from '../../lib/kubernetes/read';
import { waitFor } from '../cluster/suite';
import type { Client, User } from './client';

/** What a user asks for. */
export interface JobRequest {
  /** Shell script that is the job. */
  readonly script: string;
  /** @default 1 */
  readonly count?: number;
  /** Further lines of the description. */
  readonly lines?: readonly string[];
}

/** Values of JobStatus. */
export const STATUS = { idle: 1, running: 2, removed: 3, completed: 4, held: 5 } as const;

const ATTRIBUTES = [
  'ClusterId',
  'ProcId',
  'JobStatus',
  'Owner',
  'User',
  'AcctGroup',
  'AccountingGroup',
  'ExitCode',
  'HoldReason',
  'HoldReasonCode',
  'NumJobStarts',
  'NumShadowStarts',
  'RemoteHost',
  'LastRemoteHost',
  'QDate',
  'EnteredCurrentStatus',
  'JobStartDate',
  'JobCurrentStartDate',
  'JobCurrentStartExecutingDate',
  'CompletionDate',
  'LastRejMatchTime',
] as const;

/** Jobs of one submission. */
export interface Cluster {
  readonly id: number;
  readonly user: User;
  readonly folder: string;
}

/** Submits jobs, whose files go with them. @throws Error with what the access point says */
export function submit(client: Client, user: User, request: JobRequest): Cluster {
  const { status, out, err } = trySubmit(client, user, request);
  const id = Number(/^(\d+)\.\d+/m.exec(out)?.[1]);
  if (status !== 0 || !Number.isInteger(id)) throw new Error(`condor_submit: ${out}${err}`);
  const [folder = ''] = out.split('\n');
  return { id, user, folder };
}

/** As {@link submit}, for what is to be refused. */
export function trySubmit(client: Client, user: User, { script, count = 1, lines = [] }: JobRequest) {
  const description = [
    'executable = job.sh',
    'output = out.$(Process)',
    'error = err.$(Process)',
    'log = events',
    'request_cpus = 1',
    'request_memory = 64',
    'request_disk = 1MB',
    'should_transfer_files = YES',
    'when_to_transfer_output = ON_EXIT',
    ...lines,
    `queue ${String(count)}`,
  ];
  return client.run(
    user,
    `cd "$(mktemp -d jobs-XXXXXX)"; pwd
cat > job.sh <<'JOB'
#!/bin/sh
${script}
JOB
cat > job.sub <<'DESCRIPTION'
${description.join('\n')}
DESCRIPTION
condor_submit -spool -terse job.sub`,
  );
}

/** The jobs as the queue has them; done ones stay in it for ten days, unless they are removed. */
export function queue(client: Client, { id, user }: Cluster): readonly Fields[] {
  const asked = `condor_q -allusers ${String(id)} -json -attributes ${ATTRIBUTES.join(',')}`;
  const out = client.must(user, asked);
  const found: unknown = out.trim() === '' ? [] : JSON.parse(out);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

/** Waits until there are jobs and each of them is as it should. */
export async function waitForJobs(
  client: Client,
  cluster: Cluster,
  seconds: number,
  what: string,
  fits: (job: Fields) => boolean,
): Promise<readonly Fields[]> {
  let jobs: readonly Fields[] = [];
  await waitFor(`jobs of ${String(cluster.id)}: ${what}`, seconds, () => {
    try {
      jobs = queue(client, cluster);
    } catch (error) {
      // The access point may be the one that is away.
      return [String(error)];
    }
    if (jobs.length === 0) return ['there are none in the queue'];
    return jobs.filter((job) => !fits(job)).map((job) => JSON.stringify(job));
  });
  return jobs;
}

export const isRunning = (job: Fields) => job['JobStatus'] === STATUS.running;
export const isCompleted = (job: Fields) => job['JobStatus'] === STATUS.completed;

/** Whether the program of a job runs in its present start; how often it has, the access point learns some seconds later. */
export const isExecuting = (job: Fields) =>
  isRunning(job) && Number(job['JobCurrentStartExecutingDate']) >= Number(job['JobCurrentStartDate']);

/** The worker pod on which a job runs or ran. */
export function workerOf(job: Fields): string {
  const host = textAt(job, 'RemoteHost') ?? textAt(job, 'LastRemoteHost') ?? '';
  return host.replace(/^.*@/, '').replace(/\..*$/, '');
}

/** Brings the output of finished jobs; gives a file of theirs. */
export function fetchOutput(client: Client, { id, user, folder }: Cluster, file: string): string {
  return client.must(user, `cd ${folder}; condor_transfer_data ${String(id)} >&2; cat ${file}`);
}

/** Seconds between two marks in a job's history, each a count of seconds since 1970. */
export function secondsBetween(job: Fields, from: string, to: string): number {
  return Number(job[to]) - Number(job[from]);
}

/** Without force: a worker whose job is taken out of the queue at once keeps it until its lease ends. */
export function removeJobs(client: Client, { id, user }: Cluster): void {
  client.must(user, `condor_rm ${String(id)}`);
}
