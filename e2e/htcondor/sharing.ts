import { textAt } from '../../lib/kubernetes/read';
import { waitFor, type Proves } from '../cluster/suite';
import { usersOf, type Bench } from './bench';
import { clock, note } from './figures';
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
  type Cluster,
} from './jobs';
import { ads, workers } from './pool';
import { changePool } from './sites';

/** How experiments share cores, and who gets a GPU. */
export function sharingCriteria(proves: Proves, bench: () => Bench): void {
  const { alice, carol } = usersOf(bench);

  /** Waits until so many of the jobs run and the negotiator has refused the others: then they wait for good. */
  const waitForWaiting = async (jobs: Cluster, running: number): Promise<void> => {
    await waitFor(`${String(running)} jobs run, and no other may`, 90, () => {
      const found = queue(bench().client, jobs);
      const refused = found.some(
        (job) => job['JobStatus'] === STATUS.idle && job['LastRejMatchTime'] !== undefined,
      );
      return found.filter(isRunning).length === running && refused ? [] : [JSON.stringify(found)];
    });
  };

  proves('A13 an experiment uses what the others leave free', async () => {
    const jobs = submit(bench().client, alice(), { script: 'sleep 600', count: 18 });
    // 16 cores, of which 70 in 100 are the quota.
    await waitFor('all cores are in use', 90, () => {
      const running = queue(bench().client, jobs).filter(isRunning).length;
      return running === 16 ? [] : [`${String(running)} jobs run`];
    });
    removeJobs(bench().client, jobs);
  });

  proves('A13 a job does not get into the group of another experiment', async () => {
    const { client } = bench();
    for (const line of ['accounting_group = group_cms', '+AcctGroup = "group_cms"']) {
      const { status, out, err } = trySubmit(client, carol(), { script: 'true', lines: [line] });
      expect([line, status === 0, out + err]).toEqual([
        line,
        false,
        expect.stringMatching(/group|AcctGroup/i),
      ]);
    }
    const jobs = submit(client, carol(), {
      script: 'true',
      lines: ['+AccountingGroup = "group_cms.cms_alice"', 'accounting_group_user = cms_alice'],
    });
    const [job] = await waitForJobs(client, jobs, 60, 'completed', isCompleted);
    expect([job?.['AcctGroup'], job?.['AccountingGroup']]).toEqual([
      'group_vo2',
      expect.stringMatching(/^group_vo2\.vo2_carol(?:@|$)/),
    ]);
    for (const attribute of ['AccountingGroup', 'AcctGroup', 'Owner'])
      expect([
        attribute,
        client.run(carol(), `condor_qedit ${String(jobs.id)} ${attribute} '"cms_alice"'`).status,
      ]).toEqual([attribute, 1]);
  });

  describe('with a GPU worker from the start', () => {
    const gpu = () => workers('a100');

    beforeAll(async () => {
      await changePool('gpu-workers', bench());
    });

    proves('A3 the GPU worker registers as well, with what it has', () => {
      expect(gpu()).toHaveLength(1);
      const slots = ads('Machine').filter((ad) => (textAt(ad, 'Machine') ?? '').startsWith('execute-a100-'));
      expect(slots.map((ad) => [ad['PartitionableSlot'], ad['TotalGPUs']])).toEqual([[true, 2]]);
    });

    proves(
      'A14 jobs that ask for a GPU run where there are some, each with its own; a third waits',
      async () => {
        const { client } = bench();
        const jobs = submit(client, alice(), {
          script: 'echo "gpus $CUDA_VISIBLE_DEVICES"; sleep 20',
          count: 3,
          lines: ['request_gpus = 1', 'gpus_minimum_capability = 8.0', 'gpus_minimum_memory = 30000'],
        });
        await waitForWaiting(jobs, 2);
        const running = queue(client, jobs).filter(isRunning);
        expect(running.map(workerOf)).toEqual(running.map(() => gpu()[0]?.pod));
        const done = await waitForJobs(client, jobs, 120, 'completed', isCompleted);
        expect(new Set(done.map(workerOf))).toEqual(new Set([gpu()[0]?.pod]));
        const out = fetchOutput(client, jobs, 'out.*');
        const seen = [...out.matchAll(/^gpus (GPU-\w+)$/gm)].map(([, id]) => id);
        expect(seen).toHaveLength(3);
        expect(new Set(seen).size).toBe(2);
      },
    );

    proves(
      'A14 a job without a GPU never runs on the GPU worker; one that asks for too much waits',
      async () => {
        const { client } = bench();
        const whole = submit(client, alice(), { script: 'sleep 600', count: 3, lines: ['request_cpus = 8'] });
        const better = submit(client, alice(), {
          script: 'true',
          lines: ['request_gpus = 1', 'gpus_minimum_capability = 9.0'],
        });
        await waitForWaiting(whole, 2);
        await waitForWaiting(better, 0);
        expect(queue(client, whole).filter(isRunning).map(workerOf)).not.toContain(gpu()[0]?.pod);
        removeJobs(bench().client, whole);
        removeJobs(bench().client, better);
      },
    );
  });

  describe('with hard quotas of a half and a quarter on eight cores', () => {
    beforeAll(async () => {
      await changePool('hard-quotas', bench());
    });

    proves('A13 each experiment gets its quota and not a core more', async () => {
      const { client } = bench();
      const since = clock();
      const [ours, theirs] = [alice(), carol()].map((user) =>
        submit(client, user, { script: 'sleep 600', count: 8 }),
      );
      if (!ours || !theirs) throw new Error('not submitted');
      const running = () => [ours, theirs].map((jobs) => queue(client, jobs).filter(isRunning).length);
      const seen: string[] = [];
      await waitFor('the quotas are used', 90, () => {
        const now = running().join('/');
        seen.push(now);
        return now === '4/2' ? [] : [now];
      });
      note('hard quotas: used to the last core', since());
      // Jobs that are left have been looked at, and were not taken.
      const cycles = () => Number(ads('Negotiator')[0]?.['LastNegotiationCycleTime0']);
      for (let cycle = 0; cycle < 2; cycle++) {
        const before = cycles();
        await waitFor('another round of the negotiator', 60, () => (cycles() > before ? [] : ['not yet']));
        seen.push(running().join('/'));
      }
      const over = seen.filter((each) => Number(each.split('/')[0]) > 4 || Number(each.split('/')[1]) > 2);
      expect(over).toEqual([]);
      expect(running()).toEqual([4, 2]);
      const [negotiator] = ads('Negotiator');
      note('negotiation: one round', Number(negotiator?.['LastNegotiationCycleDuration0']));
      removeJobs(bench().client, ours);
      removeJobs(bench().client, theirs);
    });
  });
}
