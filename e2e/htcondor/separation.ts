import { type Proves } from '../cluster/suite';
import { usersOf, type Bench } from './bench';
import {
  fetchOutput,
  isCompleted,
  isRunning,
  queue,
  removeJobs,
  STATUS,
  submit,
  trySubmit,
  waitForJobs,
  workerOf,
} from './jobs';

/** What users may do to the jobs of others. */
export function separationCriteria(proves: Proves, bench: () => Bench): void {
  const { alice, bob, carol } = usersOf(bench);

  proves('A8 nobody holds, releases or removes the job of another', async () => {
    const { client } = bench();
    const jobs = submit(client, alice(), { script: 'sleep 600' });
    await waitForJobs(client, jobs, 60, 'running', isRunning);
    for (const stranger of [bob(), carol()])
      for (const verb of ['condor_hold', 'condor_rm', 'condor_vacate_job'])
        expect([verb, client.run(stranger, `${verb} ${String(jobs.id)}`).status]).toEqual([verb, 1]);
    expect(queue(client, jobs).map((job) => job['JobStatus'])).toEqual([STATUS.running]);
    client.must(alice(), `condor_hold ${String(jobs.id)}`);
    await waitForJobs(client, jobs, 30, 'held', (job) => job['JobStatus'] === STATUS.held);
    expect(client.run(bob(), `condor_release ${String(jobs.id)}`).status).toBe(1);
    expect(queue(client, jobs).map((job) => job['JobStatus'])).toEqual([STATUS.held]);
    removeJobs(bench().client, jobs);
  });

  proves('A8 a job reads neither the token of its worker nor files of another job', async () => {
    const { client } = bench();
    const other = submit(client, carol(), { script: 'sleep 600' });
    const [neighbour] = await waitForJobs(client, other, 60, 'running', isRunning);
    const script = `cat /etc/condor/tokens.d/* && echo "READ A TOKEN"
for each in /var/lib/condor/execute/dir_*; do
  [ "$each" = "$PWD" ] && continue
  echo "beside $each"
  cat "$each/job.sh" && echo "READ $each"
done
for each in /proc/[0-9]*; do
  if [ "$(stat -c %U "$each")" != "$(id -un)" ]; then cat "$each/environ" && echo "READ $each"; fi
done
kill -0 1 && echo "MAY SIGNAL THE MASTER"
id -un
exit 0`;
    const machine = neighbour ? workerOf(neighbour) : '';
    const jobs = submit(client, alice(), { script, lines: [`requirements = Machine == "${machine}"`] });
    const [job] = await waitForJobs(client, jobs, 60, 'completed', isCompleted);
    removeJobs(bench().client, other);
    expect(job?.['ExitCode']).toBe(0);
    const out = fetchOutput(client, jobs, 'out.0 err.0');
    expect(out).toMatch(/^slot1_\d+$/m);
    expect(out).toMatch(/^beside /m);
    expect(out).toMatch(/tokens\.d.*Permission denied/);
    expect(out).not.toMatch(/READ|MAY SIGNAL/);
  });

  for (const universe of ['local', 'scheduler'])
    proves(`A8 a job for the ${universe} universe is refused`, () => {
      const { status, out, err } = trySubmit(bench().client, alice(), {
        script: 'true',
        lines: [`universe = ${universe}`],
      });
      expect(status).not.toBe(0);
      expect(out + err).toContain('only vanilla universe jobs are accepted here');
    });

  // No site of this suite has workers with containers: such a job would wait for ever.
  for (const [what, lines, reason] of [
    ['of the docker universe', ['universe = docker', 'docker_image = debian:13'], 'there is no Docker here'],
    [
      'in a container',
      ['container_image = docker://registry.example.org/debian:13'],
      'no worker of this pool runs jobs in containers',
    ],
  ] as const)
    proves(`A8 a job ${what} is refused`, () => {
      const { status, out, err } = trySubmit(bench().client, alice(), { script: 'true', lines });
      expect(status).not.toBe(0);
      expect(out + err).toContain(reason);
    });
}
