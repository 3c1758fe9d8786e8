import { at, textAt, type Fields } from '../../lib/kubernetes/read';
import { readSite } from '../cluster/cluster';
import { applyObjects, kubectl, mustKubectl } from '../cluster/kubectl';
import { stopAll } from '../cluster/processes';
import { applyDist, waitFor } from '../cluster/suite';
import { memberOf, startBench, waitForPool, waitForRegistration, type Bench } from './bench';
import { commonCriteria, outsideJobCompletes } from './criteria';
import { exporterCriteria } from './exporter';
import { clock, note, sayFigures } from './figures';
import { proveFlows } from './flows';
import {
  fetchOutput,
  isCompleted,
  isRunning,
  queue,
  STATUS,
  submit,
  trySubmit,
  waitForJobs,
  workerOf,
  type Cluster,
} from './jobs';
import { startNotebook } from './notebook';
import {
  ads,
  CENTRAL_MANAGER,
  EXECUTE_NAMESPACE,
  killFirstProcess,
  lifeOf,
  must,
  NAMESPACE,
  permissionsIn,
  podOf,
  readyAgain,
  registeredWorkers,
  run,
  workers,
  type Place,
} from './pool';
import { provesFor } from './proves';
import { scalingCriteria } from './scaling';
import { idToken, secretObject } from './secrets';
import { withSite } from './sites';
import { startStrangeWorker } from './strange-worker';

const SITE = 'two-experiments';
/** Nodes that are real; the others of the site are simulated. */
const REAL_POOLS = ['core', 'cpu', 'gpu-a100'];
/** Of the images of the suite, in the place of the pool's own ten minutes. */
const LEASE_SECONDS = 30;

let bench: Bench;
const HTCONDOR_DIST = ['htcondor'];
const proves = provesFor(SITE, () => {
  // What a failed test leaves would be in the way of the next.
  for (const user of [alice(), carol()]) bench.client.run(user, 'condor_rm -all');
});

beforeAll(async () => {
  process.stderr.write('GPUs are played: HTCondor discovers two A100 where there are none\n');
  bench = await startBench(readSite(SITE), { pools: REAL_POOLS, extras: ['keda'] });
});
afterAll(async () => {
  sayFigures(`figures of ${SITE}`);
  await stopAll();
});

const alice = () => memberOf(bench, 'cms', 'alice');
const bob = () => memberOf(bench, 'cms', 'bob');
const carol = () => memberOf(bench, 'vo2', 'carol');

/** Runs, and the queue knows that it was started. */
const isStarted = (job: Fields) => isRunning(job) && job['NumJobStarts'] === 1;

/** Without force: a worker whose job is taken out of the queue at once keeps it until its lease ends. */
function remove(jobs: Cluster): void {
  bench.client.must(jobs.user, `condor_rm ${String(jobs.id)}`);
}

/** Starts jobs that need half a worker each, so that they do not all run on one. */
async function threeHalves(
  seconds: number,
): Promise<{ readonly jobs: Cluster; readonly running: readonly Fields[] }> {
  const jobs = submit(bench.client, alice(), {
    script: `sleep ${String(seconds)}`,
    count: 3,
    lines: ['request_cpus = 4'],
  });
  const running = await waitForJobs(bench.client, jobs, 90, 'running', isStarted);
  expect(new Set(running.map(workerOf)).size).toBe(2);
  return { jobs, running };
}

/** Waits until so many of the jobs run and the negotiator has refused the others: then they wait for good. */
async function waitForWaiting(jobs: Cluster, running: number): Promise<void> {
  await waitFor(`${String(running)} jobs run, and no other may`, 90, () => {
    const found = queue(bench.client, jobs);
    const refused = found.some(
      (job) => job['JobStatus'] === STATUS.idle && job['LastRejMatchTime'] !== undefined,
    );
    return found.filter(isRunning).length === running && refused ? [] : [JSON.stringify(found)];
  });
}

function workerNamed(name: string): Place {
  const found = workers().find(({ pod }) => pod === name);
  if (!found) throw new Error(`no worker ${name}`);
  return found;
}

describe(SITE, () => {
  commonCriteria(proves, () => bench);
  proveFlows(proves, () => bench);

  describe('the exporter', () => {
    exporterCriteria(proves, () => bench);
  });

  proves('A8 nobody holds, releases or removes the job of another', async () => {
    const { client } = bench;
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
    remove(jobs);
  });

  proves('A8 a job reads neither the token of its worker nor files of another job', async () => {
    const { client } = bench;
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
    remove(other);
    expect(job?.['ExitCode']).toBe(0);
    const out = fetchOutput(client, jobs, 'out.0 err.0');
    expect(out).toMatch(/^slot1_\d+$/m);
    expect(out).toMatch(/^beside /m);
    expect(out).toMatch(/tokens\.d.*Permission denied/);
    expect(out).not.toMatch(/READ|MAY SIGNAL/);
  });

  for (const universe of ['local', 'scheduler'])
    proves(`A8 a job for the ${universe} universe is refused`, () => {
      const { status, out, err } = trySubmit(bench.client, alice(), {
        script: 'true',
        lines: [`universe = ${universe}`],
      });
      expect(status).not.toBe(0);
      expect(out + err).toContain('only vanilla universe jobs are accepted here');
    });

  proves('A10 jobs of a worker that is lost run again, the others go on', async () => {
    const { jobs, running } = await threeHalves(600);
    const [first] = running;
    const victim = workerNamed(first ? workerOf(first) : '');
    const lost = running.filter((job) => workerOf(job) === victim.pod).map((job) => job['ProcId']);
    const before = lifeOf(victim);
    const since = clock();
    killFirstProcess(victim);
    await waitForJobs(
      bench.client,
      jobs,
      LEASE_SECONDS + 30,
      'the lost ones run again',
      (job) => isRunning(job) && job['NumJobStarts'] === (lost.includes(job['ProcId']) ? 2 : 1),
    );
    note('worker lost: its jobs run again', since());
    remove(jobs);
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
    await waitForJobs(bench.client, jobs, 5, 'the evicted ones are idle or run elsewhere', (job) =>
      leaving.includes(job['ProcId'])
        ? job['JobStatus'] === STATUS.idle || job['NumShadowStarts'] === 2
        : isRunning(job) && job['NumShadowStarts'] === 1,
    );
    note('worker told to end: its jobs are in the queue again', since());
    remove(jobs);
    await readyAgain(victim, before);
  });

  proves('A10 a worker that is deleted with grace waits for its jobs', async () => {
    const { jobs, running } = await threeHalves(25);
    const [first] = running;
    const victim = workerNamed(first ? workerOf(first) : '');
    mustKubectl(['delete', 'pod', victim.pod, `--namespace=${EXECUTE_NAMESPACE}`, '--wait=false']);
    const done = await waitForJobs(bench.client, jobs, 90, 'completed', isCompleted);
    expect(done.map((job) => job['NumJobStarts'])).toEqual([1, 1, 1]);
    await waitFor('the drained pod is gone', 60, () =>
      kubectl(['get', 'pod', victim.pod, `--namespace=${EXECUTE_NAMESPACE}`]).status === 0
        ? ['it is there']
        : [],
    );
    await waitForPool(bench.pool);
  });

  proves('A11 running jobs outlive the access point, twice: in place, and at another address', async () => {
    const { client, pool } = bench;
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
    const addresses = new Set<string | undefined>();
    for (const [index, restart] of restarts.entries()) {
      addresses.add(textAt(podOf(pool.accessPoint), 'status', 'podIP'));
      const before = lifeOf(pool.accessPoint);
      const since = clock();
      restart();
      await readyAgain(pool.accessPoint, before);
      await waitForJobs(
        client,
        jobs,
        60,
        'connected again',
        (job) => isRunning(job) && job['ClusterId'] === jobs.id && job['NumShadowStarts'] === index + 2,
      );
      note(`access point lost, ${index === 0 ? 'same' : 'other'} address: jobs connected again`, since());
    }
    addresses.add(textAt(podOf(pool.accessPoint), 'status', 'podIP'));
    expect(addresses.size).toBe(2);
    // What the jobs' own logs say: each was started once, and found again twice.
    const events = must(pool.accessPoint, `cat /var/spool/condor/*/*/cluster${String(jobs.id)}.*/events`);
    expect(events.match(/Job executing on host/g)).toHaveLength(4);
    expect(events.match(/Job reconnected/g)).toHaveLength(8);
    remove(jobs);
  });

  proves('A12 running jobs outlive the central manager, and priorities are kept', async () => {
    const { client } = bench;
    const jobs = submit(client, alice(), { script: 'sleep 600', count: 4 });
    await waitForJobs(client, jobs, 90, 'running', isStarted);
    const user = `group_cms.cms_alice@${bench.pool.domain}`;
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
    remove(jobs);
    await waitForPool(bench.pool);
  });

  proves('A13 an experiment uses what the others leave free', async () => {
    const jobs = submit(bench.client, alice(), { script: 'sleep 600', count: 18 });
    // 16 cores, of which 70 in 100 are the quota.
    await waitFor('all cores are in use', 90, () => {
      const running = queue(bench.client, jobs).filter(isRunning).length;
      return running === 16 ? [] : [`${String(running)} jobs run`];
    });
    remove(jobs);
  });

  proves('A13 a job does not get into the group of another experiment', async () => {
    const { client } = bench;
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

  proves(
    'A15 a notebook comes in by a token of the hub, for an hour, and never as an administrator',
    async () => {
      const { pool, secrets } = bench;
      const who = `cms_dave@${pool.domain}`;
      const notebook = startNotebook(bench);
      const ping = (token: string, what: string) =>
        permissionsIn(notebook.run(token, `condor_ping -type schedd -table ${what}`).out);
      expect(ping(idToken(secrets.hubKey, who, ['READ', 'WRITE']), 'READ WRITE')).toEqual([
        expect.objectContaining({ name: 'READ', authentication: 'IDTOKENS', allowed: true, identity: who }),
        expect.objectContaining({ name: 'WRITE', authentication: 'IDTOKENS', allowed: true, identity: who }),
      ]);
      const refused = (rows: ReturnType<typeof ping>) =>
        rows.length > 0 && rows.every(({ allowed }) => !allowed);
      expect(refused(ping(idToken(secrets.hubKey, who, ['READ', 'WRITE'], -60), 'READ WRITE'))).toBe(true);
      for (const name of [who, `condor@${pool.domain}`, `root@${pool.domain}`])
        expect(refused(ping(idToken(secrets.hubKey, name), 'ADMINISTRATOR'))).toBe(true);
      const submitted = notebook.run(
        idToken(secrets.hubKey, who, ['READ', 'WRITE']),
        `cd /tmp; printf '#!/bin/sh\\nexit 0\\n' > job.sh; chmod 755 job.sh
printf 'executable = job.sh\\nshould_transfer_files = YES\\nrequest_memory = 64\\nrequest_disk = 1MB\\nqueue\\n' > job.sub
condor_submit -spool -terse job.sub`,
      );
      const id = Number(/^(\d+)\.\d+/m.exec(submitted.out)?.[1]);
      const jobs = { id, user: alice(), folder: '' };
      const [job] = await waitForJobs(bench.client, jobs, 60, 'completed', isCompleted);
      expect([job?.['Owner'], job?.['ExitCode']]).toEqual(['cms_dave', 0]);
      // The key of the hub is no key of the pool.
      const collector = run(
        pool.accessPoint,
        `umask 077; mkdir -p /tmp/hub; printf %s '${idToken(secrets.hubKey, `ap@${pool.domain}`)}' > /tmp/hub/token
export _condor_SEC_TOKEN_DIRECTORY=/tmp/hub _condor_SEC_CLIENT_AUTHENTICATION_METHODS=IDTOKENS
condor_ping -type collector -table READ ADVERTISE_SCHEDD`,
      );
      expect(refused(permissionsIn(collector.out))).toBe(true);
    },
  );

  proves('A16 secrets arrive as HTCondor wants them, and in no other way', () => {
    const files = (place: Place, folder: string) =>
      must(place, `stat -L -c '%u %a %n' /etc/condor/${folder}/*`).trim().split('\n');
    expect(files(bench.pool.accessPoint, 'tokens.d')).toEqual(['64 600 /etc/condor/tokens.d/ap']);
    expect(files(bench.pool.accessPoint, 'passwords.d')).toEqual([
      '64 600 /etc/condor/passwords.d/hub-key',
      '64 600 /etc/condor/passwords.d/monitor-key',
    ]);
    expect(files(CENTRAL_MANAGER, 'passwords.d')).toEqual(['64 600 /etc/condor/passwords.d/POOL']);
    const [worker] = workers();
    if (!worker) throw new Error('no worker');
    expect(files(worker, 'tokens.d')).toEqual(['0 400 /etc/condor/tokens.d/execute']);
    // A copy that others may read is not taken; the same copy is, when only its owner may.
    const ping = (mode: string) =>
      run(
        worker,
        `rm -rf /tmp/mode; mkdir -m 700 /tmp/mode; install -m ${mode} /etc/condor/tokens.d/execute /tmp/mode/execute
export _condor_SEC_TOKEN_DIRECTORY=/tmp/mode _condor_SEC_TOKEN_SYSTEM_DIRECTORY=/tmp/mode
condor_ping -type collector -table READ`,
      );
    expect(permissionsIn(ping('0600').out).map(({ allowed }) => allowed)).toEqual([true]);
    expect(permissionsIn(ping('0644').out).map(({ allowed }) => allowed)).toEqual([false]);
  });

  proves('A16 a changed Secret is used without a restart', async () => {
    const { pool, secrets } = bench;
    const before = lifeOf(pool.accessPoint);
    const fresh = idToken(
      secrets.signingKey,
      `ap@${pool.domain}`,
      ['READ', 'ADVERTISE_SCHEDD', 'ADVERTISE_MASTER'],
      7200,
    );
    const since = clock();
    applyObjects([secretObject(NAMESPACE, 'htcondor-token-ap', { ap: fresh })]);
    await waitFor('the new token is in the pod', 150, () =>
      must(pool.accessPoint, 'cat /etc/condor/tokens.d/ap') === fresh ? [] : ['it is the old one'],
    );
    note('changed Secret: in the pod', since());
    expect(lifeOf(pool.accessPoint)).toBe(before);
    expect(run(pool.accessPoint, 'condor_ping -type collector -quiet ADVERTISE_SCHEDD').status).toBe(0);
  });

  proves('A17 an idle worker that may leave does so by itself and well', async () => {
    const { pool, secrets } = bench;
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

  describe('with a GPU worker from the start', () => {
    const gpu = () => workers('a100');

    beforeAll(async () => {
      await withSite('gpu-workers', async (site, dist) => {
        await applyDist('gpu-workers', HTCONDOR_DIST, dist);
        await waitForPool({ ...bench.pool, site });
      });
    });

    proves('A3 the GPU worker registers as well, with what it has', () => {
      expect(gpu()).toHaveLength(1);
      const slots = ads('Machine').filter((ad) => (textAt(ad, 'Machine') ?? '').startsWith('execute-a100-'));
      expect(slots.map((ad) => [ad['PartitionableSlot'], ad['TotalGPUs']])).toEqual([[true, 2]]);
    });

    proves(
      'A14 jobs that ask for a GPU run where there are some, each with its own; a third waits',
      async () => {
        const { client } = bench;
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
        const { client } = bench;
        const whole = submit(client, alice(), { script: 'sleep 600', count: 3, lines: ['request_cpus = 8'] });
        const better = submit(client, alice(), {
          script: 'true',
          lines: ['request_gpus = 1', 'gpus_minimum_capability = 9.0'],
        });
        await waitForWaiting(whole, 2);
        await waitForWaiting(better, 0);
        expect(queue(client, whole).filter(isRunning).map(workerOf)).not.toContain(gpu()[0]?.pod);
        remove(whole);
        remove(better);
      },
    );
  });

  describe('with hard quotas of a half and a quarter on eight cores', () => {
    beforeAll(async () => {
      await withSite('hard-quotas', async (site, dist) => {
        await applyDist('hard-quotas', HTCONDOR_DIST, dist);
        await waitForPool({ ...bench.pool, site });
      });
    });

    proves('A13 each experiment gets its quota and not a core more', async () => {
      const { client } = bench;
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
      remove(ours);
      remove(theirs);
    });
  });

  describe('with KEDA', () => {
    scalingCriteria(proves, () => bench);
  });

  describe('with one thing broken', () => {
    beforeAll(async () => {
      await applyDist(SITE, HTCONDOR_DIST);
      await waitForPool(bench.pool);
    });

    proves('A18 without the line of its issuer in the map, A6 fails', async () => {
      const { pool } = bench;
      const maps = `${pool.accessPoint.pod.replace(/-0$/, '')}-maps`;
      const answer: unknown = JSON.parse(
        mustKubectl(['get', 'configmap', maps, `--namespace=${NAMESPACE}`, '--output=json']),
      );
      const text = textAt(answer, 'data', 'condor_mapfile') ?? '';
      const without = text.replace(/^SCITOKENS .*cms_.*\n/m, '');
      expect(without).not.toBe(text);
      const data = JSON.stringify({ data: { condor_mapfile: without } });
      mustKubectl(['patch', 'configmap', maps, `--namespace=${NAMESPACE}`, '--type=merge', '--patch', data]);
      await restartAccessPoint();
      await expect(outsideJobCompletes(bench, alice(), 'cms_alice')).rejects.toThrow(/condor_submit/);
      await applyDist(SITE, HTCONDOR_DIST);
      await restartAccessPoint();
      await outsideJobCompletes(bench, alice(), 'cms_alice');
    });

    proves('A18 without a token, A3 fails', async () => {
      const [worker] = workers();
      if (!worker) throw new Error('no worker');
      const secret = 'htcondor-token-execute';
      const good: unknown = JSON.parse(
        mustKubectl(['get', 'secret', secret, `--namespace=${EXECUTE_NAMESPACE}`, '--output=json']),
      );
      applyObjects([secretObject(EXECUTE_NAMESPACE, secret, { execute: '' })]);
      mustKubectl(['delete', 'pod', worker.pod, `--namespace=${EXECUTE_NAMESPACE}`, '--grace-period=1']);
      await expect(waitForRegistration(bench.pool, 45)).rejects.toThrow(/is not in the pool/);
      const token = Buffer.from(textAt(good, 'data', 'execute') ?? '', 'base64').toString();
      applyObjects([secretObject(EXECUTE_NAMESPACE, secret, { execute: token })]);
      // A daemon that has found no token at its start looks for none again.
      for (const { pod } of workers())
        if (!registeredWorkers().includes(pod))
          mustKubectl(['delete', 'pod', pod, `--namespace=${EXECUTE_NAMESPACE}`, '--grace-period=1']);
      await waitForPool(bench.pool);
    });
  });
});

async function restartAccessPoint(): Promise<void> {
  const { accessPoint } = bench.pool;
  const before = lifeOf(accessPoint);
  mustKubectl(['delete', 'pod', accessPoint.pod, `--namespace=${NAMESPACE}`, '--grace-period=5']);
  await readyAgain(accessPoint, before);
}
