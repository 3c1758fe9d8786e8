import { at, textAt, type Fields } from '../../lib/kubernetes/read';
import { kubectl, mustKubectl } from '../cluster/kubectl';
import { waitFor, type Proves } from '../cluster/suite';
import { usersOf, waitForPool, waitForWayIn, type Bench } from './bench';
import { clock, note } from './figures';
import {
  isCompleted,
  isExecuting,
  isRunning,
  queue,
  removeJobs,
  STATUS,
  submit,
  waitForJobs,
  workerOf,
  type Cluster,
} from './jobs';
import {
  CENTRAL_MANAGER,
  EXECUTE_NAMESPACE,
  killFirstProcess,
  lifeOf,
  must,
  NAMESPACE,
  podOf,
  readyAgain,
  registeredWorkers,
  workers,
  type Place,
} from './pool';
import { idToken } from './secrets';
import { startStrangeWorker } from './strange-worker';

/** Of the images of the suite, in the place of the pool's own ten minutes. */
const LEASE_SECONDS = 30;

/** Runs, and the queue knows that it was started. */
const isStarted = (job: Fields) => isRunning(job) && job['NumJobStarts'] === 1;

function workerNamed(name: string): Place {
  const found = workers().find(({ pod }) => pod === name);
  if (!found) throw new Error(`no worker ${name}`);
  return found;
}

/** Parts of the pool are lost and come back, or leave well. */
export function recoveryCriteria(proves: Proves, bench: () => Bench): void {
  const { alice, bob } = usersOf(bench);

  /** Starts jobs that need half a worker each, so that they do not all run on one. */
  const threeHalves = async (
    seconds: number,
  ): Promise<{ readonly jobs: Cluster; readonly running: readonly Fields[] }> => {
    const jobs = submit(bench().client, alice(), {
      script: `sleep ${String(seconds)}`,
      count: 3,
      lines: ['request_cpus = 4'],
    });
    const running = await waitForJobs(bench().client, jobs, 90, 'running', isStarted);
    expect(new Set(running.map(workerOf)).size).toBe(2);
    return { jobs, running };
  };

  proves('A10 jobs of a worker that is lost run again, the others go on', async () => {
    const { jobs, running } = await threeHalves(600);
    const [first] = running;
    const victim = workerNamed(first ? workerOf(first) : '');
    const lost = running.filter((job) => workerOf(job) === victim.pod).map((job) => job['ProcId']);
    const before = lifeOf(victim);
    const since = clock();
    killFirstProcess(victim);
    const starts = (job: Fields) => (lost.includes(job['ProcId']) ? 2 : 1);
    await waitForJobs(
      bench().client,
      jobs,
      LEASE_SECONDS + 30,
      'the lost ones run again',
      (job) => isExecuting(job) && job['NumShadowStarts'] === starts(job),
    );
    note('worker lost: its jobs run again', since());
    await waitForJobs(
      bench().client,
      jobs,
      30,
      'the access point has counted their starts',
      (job) => job['NumJobStarts'] === starts(job),
    );
    removeJobs(bench().client, jobs);
    await readyAgain(victim, before);
  });

  proves('A10 jobs of a worker that is told to end are in the queue again within 5 seconds', async () => {
    const { jobs, running } = await threeHalves(600);
    const [first] = running;
    const victim = workerNamed(first ? workerOf(first) : '');
    const leaving = running.filter((job) => workerOf(job) === victim.pod).map((job) => job['ProcId']);
    const before = lifeOf(victim);
    const since = clock();
    killFirstProcess(victim, 'SIGTERM');
    await waitForJobs(bench().client, jobs, 5, 'the evicted ones are idle or run elsewhere', (job) =>
      leaving.includes(job['ProcId'])
        ? job['JobStatus'] === STATUS.idle || job['NumShadowStarts'] === 2
        : isRunning(job) && job['NumShadowStarts'] === 1,
    );
    note('worker told to end: its jobs are in the queue again', since());
    removeJobs(bench().client, jobs);
    await readyAgain(victim, before);
  });

  proves('A10 a worker that is deleted with grace waits for its jobs', async () => {
    const { jobs, running } = await threeHalves(25);
    const [first] = running;
    const victim = workerNamed(first ? workerOf(first) : '');
    mustKubectl(['delete', 'pod', victim.pod, `--namespace=${EXECUTE_NAMESPACE}`, '--wait=false']);
    const done = await waitForJobs(bench().client, jobs, 90, 'completed', isCompleted);
    expect(done.map((job) => job['NumJobStarts'])).toEqual([1, 1, 1]);
    await waitFor('the drained pod is gone', 60, () =>
      kubectl(['get', 'pod', victim.pod, `--namespace=${EXECUTE_NAMESPACE}`]).status === 0
        ? ['it is there']
        : [],
    );
    await waitForPool(bench());
  });

  proves('A11 running jobs outlive the access point, twice: in place, and at another address', async () => {
    const { client, pool } = bench();
    const jobs = submit(client, alice(), { script: 'sleep 600', count: 4 });
    await waitForJobs(client, jobs, 90, 'running', isStarted);
    const restarts: readonly (() => void)[] = [
      () => {
        killFirstProcess(pool.accessPoint);
      },
      () => {
        killFirstProcess(pool.accessPoint);
        mustKubectl(['delete', 'pod', pool.accessPoint.pod, `--namespace=${NAMESPACE}`, '--force']);
      },
    ];
    // What the jobs' own logs say.
    const happened = (event: string) =>
      must(pool.accessPoint, `cat /var/spool/condor/*/*/cluster${String(jobs.id)}.*/events`).split(event)
        .length - 1;
    const addresses = new Set<string | undefined>();
    for (const [index, restart] of restarts.entries()) {
      addresses.add(textAt(podOf(pool.accessPoint), 'status', 'podIP'));
      const before = lifeOf(pool.accessPoint);
      const since = clock();
      restart();
      await readyAgain(pool.accessPoint, before);
      // A new shadow is not yet one that has found its job: that is an event.
      await waitFor('all jobs are connected again', 60, () => {
        const found = happened('Job reconnected');
        return found === 4 * (index + 1) ? [] : [`${String(found)} times connected again`];
      });
      note(`access point lost, ${index === 0 ? 'same' : 'other'} address: jobs connected again`, since());
    }
    addresses.add(textAt(podOf(pool.accessPoint), 'status', 'podIP'));
    expect(addresses.size).toBe(2);
    expect(happened('Job executing on host')).toBe(4);
    await waitForWayIn(bench());
    expect(queue(client, jobs).map((job) => [isRunning(job), job['NumShadowStarts']])).toEqual(
      Array.from({ length: 4 }, () => [true, 3]),
    );
    removeJobs(bench().client, jobs);
  });

  proves('A12 running jobs outlive the central manager, and priorities are kept', async () => {
    const { client } = bench();
    const jobs = submit(client, alice(), { script: 'sleep 600', count: 4 });
    await waitForJobs(client, jobs, 90, 'running', isStarted);
    const user = `group_cms.cms_alice@${bench().pool.domain}`;
    const factorOf = () => {
      const out = must(CENTRAL_MANAGER, 'condor_userprio -all -allusers -long');
      const [, index = ''] = new RegExp(`^Name(\\d+) = "${user}"`, 'm').exec(out) ?? [];
      return Number(new RegExp(`^PriorityFactor${index} = (.*)$`, 'm').exec(out)?.[1]);
    };
    must(CENTRAL_MANAGER, `condor_userprio -setfactor ${user} 4321`);
    expect(factorOf()).toBeCloseTo(4321, 2);
    const before = lifeOf(CENTRAL_MANAGER);
    const since = clock();
    killFirstProcess(CENTRAL_MANAGER);
    await readyAgain(CENTRAL_MANAGER, before);
    const fresh = submit(client, bob(), { script: 'true' });
    await waitForJobs(client, fresh, 60, 'completed', isCompleted);
    expect(since()).toBeLessThan(60);
    note('central manager lost: a new job has ended', since());
    expect(queue(client, jobs).map((job) => [job['JobStatus'], job['NumJobStarts']])).toEqual(
      Array.from({ length: 4 }, () => [STATUS.running, 1]),
    );
    expect(factorOf()).toBeCloseTo(4321, 2);
    removeJobs(bench().client, jobs);
    await waitForPool(bench());
  });

  proves('A17 an idle worker that may leave does so by itself and well', async () => {
    const { pool, secrets } = bench();
    const token = idToken(secrets.signingKey, `execute@${pool.domain}`, [
      'ADVERTISE_STARTD',
      'ADVERTISE_MASTER',
    ]);
    const since = clock();
    const { pod } = startStrangeWorker('leaving', token, { env: { _condor_STARTD_NOCLAIM_SHUTDOWN: '15' } });
    let seen = false;
    await waitFor('the idle worker has ended', 120, () => {
      seen ||= registeredWorkers().includes(pod);
      const found: unknown = JSON.parse(
        mustKubectl(['get', 'pod', pod, `--namespace=${EXECUTE_NAMESPACE}`, '--output=json']),
      );
      const phase = textAt(found, 'status', 'phase') ?? '';
      if (phase === 'Failed') throw new Error(JSON.stringify(at(found, 'status')));
      return phase === 'Succeeded' ? [] : [phase];
    });
    expect(seen).toBe(true);
    note('idle worker: started until it has left', since());
    mustKubectl(['delete', 'pod', pod, `--namespace=${EXECUTE_NAMESPACE}`]);
  });
}
