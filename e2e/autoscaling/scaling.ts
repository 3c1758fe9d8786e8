import { listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { mustKubectl } from '../cluster/kubectl';
import { waitFor } from '../cluster/suite';
import { usersOf, type Bench } from '../htcondor/bench';
import { clock, note } from '../htcondor/figures';
import { isRunning, queue, removeJobs, submit, waitForJobs, workerOf, type Cluster } from '../htcondor/jobs';
import { looksAt, startKeda, stopKeda, workerJobs } from './keda';
import { EXECUTE_NAMESPACE, registeredWorkers, workers } from '../htcondor/pool';
import { changePool } from '../htcondor/sites';
import type { Proves } from '../cluster/suite';

const CPU = 'execute-cpu-extra';
const GPU = 'execute-a100-extra';
/** Of the site. */
const MOST = 2;
/** KEDA looks every 15 seconds, an answer of the exporter is good for ten, and a worker starts. */
const COMES = 120;

const running = (scaledJob: string) =>
  workerJobs(scaledJob, EXECUTE_NAMESPACE).filter(({ state }) => state === 'running');
const isExtra = (pod: string) => pod.includes('-extra-');
/** Runs where it was started, and was never started elsewhere. */
const isUndisturbed = (job: Fields) => isRunning(job) && job['NumShadowStarts'] === 1;

/** Watches while KEDA looks again, until it has done so several times. */
async function whileKedaLooks(scaledJob: string, watch: () => void): Promise<void> {
  const before = looksAt(scaledJob);
  await waitFor(`KEDA has looked at ${scaledJob} three times`, 90, () => {
    watch();
    const times = looksAt(scaledJob) - before;
    return times >= 3 ? [] : [`${String(times)} times`];
  });
}

async function waitForEnd(scaledJob: string): Promise<void> {
  await waitFor(`workers of ${scaledJob} have left`, COMES, () => {
    const left = running(scaledJob).map(({ name }) => name);
    const known = registeredWorkers().filter((pod) => pod.startsWith(scaledJob));
    return [...left, ...known];
  });
  expect(workerJobs(scaledJob, EXECUTE_NAMESPACE).filter(({ state }) => state === 'Failed')).toEqual([]);
}

/** Workers that come and go. The site has one worker of eight cores and may have three; it has none with a GPU and may have one. */
export function scalingCriteria(proves: Proves, bench: () => Bench): void {
  const { alice } = usersOf(bench);
  const whole = (count: number, seconds = 900) =>
    submit(bench().client, alice(), {
      script: `sleep ${String(seconds)}`,
      count,
      lines: ['request_cpus = 8'],
    });

  beforeAll(async () => {
    await changePool('scaling', bench());
    await startKeda();
    await waitFor('KEDA knows the ScaledJobs and reads the demand', 120, () =>
      [CPU, GPU].flatMap((name) => {
        const found: unknown = JSON.parse(
          mustKubectl(['get', 'scaledjob', name, `--namespace=${EXECUTE_NAMESPACE}`, '--output=json']),
        );
        const ready = listAt(found, 'status', 'conditions').find(({ type }) => type === 'Ready');
        const looked = looksAt(name) > 0;
        return ready?.['status'] === 'True' && looked ? [] : [`${name}: ${JSON.stringify(ready)}`];
      }),
    );
  });
  afterAll(() => {
    stopKeda(EXECUTE_NAMESPACE);
  });

  describe('with jobs that need whole workers', () => {
    let first: Cluster;
    let second: Cluster;

    proves('A19 an idle job brings one extra worker, and not two', async () => {
      const since = clock();
      first = whole(2);
      const jobs = await waitForJobs(bench().client, first, COMES, 'running', isRunning);
      note('idle job: until it runs on an extra worker', since());
      expect(jobs.map((job) => isExtra(workerOf(job))).sort()).toEqual([false, true]);
      await whileKedaLooks(CPU, () => {
        expect(workerJobs(CPU, EXECUTE_NAMESPACE)).toHaveLength(1);
      });
    });

    proves('A19 a pool at its maximum gets no more, and CPU jobs bring no GPU worker', async () => {
      second = whole(4);
      await waitFor('a third job runs', COMES, () =>
        queue(bench().client, second).some(isRunning) ? [] : ['none of the four'],
      );
      await whileKedaLooks(CPU, () => {
        expect(workerJobs(CPU, EXECUTE_NAMESPACE)).toHaveLength(MOST);
        expect(workerJobs(GPU, EXECUTE_NAMESPACE)).toEqual([]);
        expect(workers('cpu')).toHaveLength(1 + MOST);
      });
      expect(queue(bench().client, second).filter(isRunning)).toHaveLength(1);
    });

    proves('A19 nodes can be emptied still: the budget counts the workers that are always there', () => {
      const budget: unknown = JSON.parse(
        mustKubectl(['get', 'pdb', 'execute-cpu', `--namespace=${EXECUTE_NAMESPACE}`, '--output=json']),
      );
      expect(budget).toMatchObject({ status: { expectedPods: 1, currentHealthy: 1, disruptionsAllowed: 1 } });
    });

    proves('A19 changing the ScaledJob ends no job, and no worker with a job leaves', async () => {
      const where = queue(bench().client, first).map(workerOf);
      const before = workerJobs(CPU, EXECUTE_NAMESPACE);
      const annotations = { 'analysis-facility/config': 'another' };
      const patch = { spec: { jobTargetRef: { template: { metadata: { annotations } } } } };
      mustKubectl([
        ...['patch', 'scaledjob', CPU, `--namespace=${EXECUTE_NAMESPACE}`, '--type=merge'],
        `--patch=${JSON.stringify(patch)}`,
      ]);
      // Longer than an idle worker would stay.
      await whileKedaLooks(CPU, () => {
        expect(workerJobs(CPU, EXECUTE_NAMESPACE)).toEqual(before);
      });
      const after = queue(bench().client, first);
      expect(after.map(workerOf)).toEqual(where);
      expect(after.every(isUndisturbed)).toBe(true);
    });

    proves('A19 extra workers leave by themselves when they are idle, the others stay', async () => {
      removeJobs(bench().client, second);
      removeJobs(bench().client, first);
      const since = clock();
      await waitForEnd(CPU);
      note('last job ended: until its extra workers are gone', since());
      const [fixed, ...others] = registeredWorkers();
      expect(others).toEqual([]);
      expect(isExtra(fixed ?? '')).toBe(false);
    });
  });

  proves('A19 a GPU pool starts from zero for a GPU job, and goes back to zero', async () => {
    expect(workers('a100')).toEqual([]);
    const before = workerJobs(CPU, EXECUTE_NAMESPACE).map(({ name }) => name);
    const since = clock();
    const jobs = submit(bench().client, alice(), { script: 'sleep 40', lines: ['request_gpus = 1'] });
    const [job] = await waitForJobs(bench().client, jobs, COMES, 'running', isRunning);
    note('idle GPU job: until it runs on the first GPU worker', since());
    expect(workerOf(job ?? {})).toMatch(new RegExp(`^${GPU}-`));
    // Those that have ended go when KEDA tidies up; none has come.
    expect(workerJobs(CPU, EXECUTE_NAMESPACE).filter(({ name }) => !before.includes(name))).toEqual([]);
    expect(running(GPU)).toHaveLength(1);
    await waitForEnd(GPU);
    expect(textAt(queue(bench().client, jobs)[0], 'LastRemoteHost')).toContain(GPU);
    expect(queue(bench().client, jobs).map((each) => each['ExitCode'])).toEqual([0]);
  });
}
