import { listAt, textAt } from '../../lib/kubernetes/read';
import { EXPORTER, SECRETS } from '../../lib/htcondor/release';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { rolledOut, waitFor } from '../cluster/suite';
import { memberOf, type Bench } from '../htcondor/bench';
import { clock, note } from '../htcondor/figures';
import { isCompleted, isRunning, STATUS, submit, waitForJobs } from '../htcondor/jobs';
import { must, NAMESPACE, permissionsIn, run, workers, type Place } from '../htcondor/pool';
import { exportedNumbers, jsonIn, ownNumbers, samplesIn, sumOf } from './numbers';
import { Prometheus, toolsPod } from './prometheus';
import type { Proves } from '../cluster/suite';
import { renewTokens } from '../htcondor/secrets';

const HOST = `http://${EXPORTER.name}.${NAMESPACE}.svc.cluster.local:${String(EXPORTER.port)}`;
const METRICS = `${HOST}${EXPORTER.metricsPath}`;
const DEMAND = `${HOST}${EXPORTER.demandPath}`;

/** Longer than an answer of the exporter is kept. */
const SOON = 45;

function exporterPod(): Place {
  const selector = `app.kubernetes.io/component=${EXPORTER.name}`;
  const answer: unknown = JSON.parse(
    mustKubectl(['get', 'pods', `--namespace=${NAMESPACE}`, `--selector=${selector}`, '--output=json']),
  );
  const [pod] = listAt(answer, 'items');
  return { namespace: NAMESPACE, pod: textAt(pod, 'metadata', 'name') ?? '', container: EXPORTER.name };
}

/** Waits until the exporter and HTCondor's own tools say the same, for all numbers at once. */
async function waitForSame(bench: Bench, prometheus: Prometheus, step: string): Promise<void> {
  await waitFor(`the exporter says what HTCondor says, ${step}`, SOON, () => {
    const [exported, own] = [exportedNumbers(prometheus.ask(METRICS)), ownNumbers(bench)];
    return [...new Set([...Object.keys(exported), ...Object.keys(own)])]
      .filter((key) => exported[key] !== own[key])
      .map((key) => `${key}: ${String(exported[key])} exported, ${String(own[key])} said by HTCondor`);
  });
}

async function waitForWanted(
  prometheus: Prometheus,
  wanted: Readonly<Record<string, number>>,
): Promise<void> {
  const expected = Object.fromEntries(
    Object.entries(wanted).map(([pool, count]) => [pool, { workers: count }]),
  );
  await waitFor(`demand is ${JSON.stringify(wanted)}`, SOON, () => {
    const answer = jsonIn(prometheus.ask(DEMAND));
    return JSON.stringify(answer) === JSON.stringify({ pools: expected }) ? [] : [JSON.stringify(answer)];
  });
}

function expiryOf(place: Place, token: string): number {
  const claims = must(place, `cat /etc/condor/tokens.d/${token}`).split('.')[1] ?? '';
  return Number(jsonIn(Buffer.from(claims, 'base64url').toString())['exp']);
}

/** What the exporter says, and what it may. The site has two workers of eight cores, and none with a GPU. */
export function exporterCriteria(proves: Proves, bench: () => Bench): void {
  let prometheus: Prometheus;
  const asked = () => samplesIn(prometheus.ask(METRICS));
  const metric = (name: string, labels: Readonly<Record<string, string>> = {}) =>
    sumOf(asked(), name, labels);

  beforeAll(async () => {
    const { site } = bench().pool;
    rolledOut(NAMESPACE, `deployment/${EXPORTER.name}`);
    prometheus = await Prometheus.start(site.site.name, site.monitoring?.prometheus.namespace ?? '');
  });

  proves('the exporter says what HTCondor says: idle, running, waiting, held, and after', async () => {
    const { client } = bench();
    const alice = memberOf(bench(), 'cms', 'alice');
    await waitForSame(bench(), prometheus, 'idle');
    await waitForWanted(prometheus, { cpu: 0, a100: 0 });

    const jobs = submit(client, alice, { script: 'sleep 600', count: 5, lines: ['request_cpus = 8'] });
    await waitForJobs(client, jobs, 60, 'two run', () => true);
    await waitFor('two jobs run', 90, () =>
      metric('htcondor_jobs', { state: 'running' }) === 2 ? [] : [JSON.stringify(asked())],
    );
    await waitForSame(bench(), prometheus, 'running and waiting');
    expect(metric('htcondor_jobs', { state: 'running', pool: 'cpu', experiment: 'cms' })).toBe(2);
    expect(metric('htcondor_idle_jobs_runnable', { pool: 'cpu' })).toBe(3);
    expect(metric('htcondor_cpus_used', { pool: 'cpu' })).toBe(16);
    await waitForWanted(prometheus, { cpu: 3, a100: 0 });

    const gpu = submit(client, alice, { script: 'sleep 600', count: 2, lines: ['request_gpus = 1'] });
    const never = submit(client, alice, { script: 'sleep 600', lines: ['request_cpus = 500'] });
    // Each worker of the pool has one GPU.
    await waitForWanted(prometheus, { cpu: 3, a100: 2 });
    expect(metric('htcondor_idle_jobs_impossible')).toBe(1);

    client.must(alice, `condor_hold ${String(jobs.id)}`);
    await waitForJobs(client, jobs, 60, 'held', (job) => job['JobStatus'] === STATUS.held);
    await waitForSame(bench(), prometheus, 'held');
    expect(metric('htcondor_jobs', { state: 'held', owner: 'cms_alice' })).toBe(5);
    await waitForWanted(prometheus, { cpu: 0, a100: 2 });

    for (const each of [jobs, gpu, never]) client.must(alice, `condor_rm ${String(each.id)}`);
    const short = submit(client, alice, { script: 'true' });
    await waitForJobs(client, short, 60, 'completed', isCompleted);
    await waitForSame(bench(), prometheus, 'after');
    await waitForWanted(prometheus, { cpu: 0, a100: 0 });
    expect(metric('htcondor_jobs', { state: 'held' })).toBeUndefined();
  });

  proves('a worker that is free and not yet matched is not asked for again', async () => {
    const { client } = bench();
    const alice = memberOf(bench(), 'cms', 'alice');
    // No worker takes it, although one could hold it: as if the negotiator had not come by.
    const lines = ['request_cpus = 8', 'requirements = Machine == "nobody"'];
    const jobs = submit(client, alice, { script: 'true', count: 3, lines });
    await waitFor('the jobs are seen', SOON, () =>
      metric('htcondor_idle_jobs_runnable', { pool: 'cpu' }) === 3 ? [] : ['they are not'],
    );
    await waitForWanted(prometheus, { cpu: 1, a100: 0 });
    client.must(alice, `condor_rm ${String(jobs.id)}`);
  });

  proves('the exporter may read, and nothing else', async () => {
    const { client, pool } = bench();
    const exporter = exporterPod();
    expect(must(exporter, 'ls /etc/condor/tokens.d').trim().split('\n')).toEqual([
      'monitor',
      'monitor-queue',
    ]);
    const allowed = (table: string) =>
      permissionsIn(table)
        .filter((row) => row.allowed)
        .map(({ name, identity }) => `${name} ${identity}`)
        .sort();
    const reader = `monitor@${pool.domain}`;
    const address = `${pool.accessPoint.pod.replace(/-0$/, '')}.${NAMESPACE}.svc.cluster.local:9618`;
    const tables = [
      run(exporter, 'condor_ping -type collector -table ALL').out,
      run(exporter, `_condor_SCHEDD_HOST=${address} condor_ping -type schedd -table ALL`).out,
    ];
    for (const table of tables) expect(allowed(table)).toEqual([`ALLOW ${reader}`, `READ ${reader}`]);
    const jobs = submit(client, memberOf(bench(), 'cms', 'alice'), { script: 'sleep 600' });
    await waitForJobs(client, jobs, 60, 'running', isRunning);
    for (const verb of ['condor_hold', 'condor_rm', 'condor_vacate_job'])
      expect(run(exporter, `_condor_SCHEDD_HOST=${address} ${verb} ${String(jobs.id)}`).status).not.toBe(0);
    await waitForJobs(client, jobs, 10, 'running', isRunning);
    client.must(jobs.user, `condor_rm ${String(jobs.id)}`);
  });

  proves('the end of each token is known, and the exporter has none of them', () => {
    const [worker] = workers();
    if (!worker) throw new Error('no worker');
    const ends = {
      ap: expiryOf(bench().pool.accessPoint, SECRETS.accessPointToken.key),
      execute: expiryOf(worker, SECRETS.executeToken.key),
      monitor: expiryOf(exporterPod(), SECRETS.monitorToken.key),
      'monitor-queue': expiryOf(exporterPod(), SECRETS.monitorQueueToken.key),
    };
    const told = asked()
      .filter(({ name }) => name === 'htcondor_token_expiry_timestamp_seconds')
      .map(({ series }) => [series.labels['token'], series.value]);
    expect(Object.fromEntries(told)).toEqual(ends);
  });

  proves('nobody but the monitoring reaches the exporter', () => {
    const stranger: Place = { namespace: 'default', pod: 'e2e-stranger', container: 'tools' };
    applyObjects([toolsPod(stranger)]);
    try {
      mustKubectl([
        'wait',
        '--for=condition=Ready',
        `pod/${stranger.pod}`,
        '--namespace=default',
        '--timeout=60s',
      ]);
      const ask = `curl --silent --max-time 5 --output /dev/null ${METRICS}`;
      // 28: no answer at all. The name is found, so that it is the way that is closed.
      expect(run(stranger, ask).status).toBe(28);
      expect(prometheus.status(METRICS)).toBe(200);
    } finally {
      mustKubectl(['delete', 'pod', stranger.pod, '--namespace=default', '--grace-period=1']);
    }
  });

  proves(
    'Prometheus finds the exporter by its monitor, takes the rules, and hears of certificates',
    async () => {
      await waitFor('Prometheus has scraped', 90, () => [
        ...(prometheus.query(`up{namespace="${NAMESPACE}", job="${EXPORTER.name}"} == 1`).length === 1
          ? []
          : [JSON.stringify(prometheus.query('up'))]),
        ...(prometheus.query(`certmanager_certificate_expiration_timestamp_seconds{namespace="${NAMESPACE}"}`)
          .length > 0
          ? []
          : ['nothing of certificates']),
      ]);
      expect(prometheus.query('htcondor_workers{pool="cpu"}').map(({ value }) => value)).toEqual([2]);
      const rules = prometheus.rules();
      expect(rules.length).toBeGreaterThan(8);
      await waitFor('every rule has been tried', 60, () =>
        prometheus
          .rules()
          .filter(({ health }) => health !== 'ok')
          .map(({ name, health, error }) => `${name}: ${health} ${error}`),
      );
      // All is well, so nobody would be called.
      await waitFor('no alert is pending', 60, () =>
        prometheus.query('ALERTS').map(({ labels }) => JSON.stringify(labels)),
      );
    },
  );

  proves('an access point that does not answer is down, and its jobs are not zero', async () => {
    const { pool } = bench();
    const set = pool.accessPoint.pod.replace(/-0$/, '');
    const name = set.replace(/^access-point-/, '');
    const scale = (count: number) =>
      mustKubectl(['scale', `statefulset/${set}`, `--namespace=${NAMESPACE}`, `--replicas=${String(count)}`]);
    scale(0);
    try {
      await waitFor('the access point is down', 120, () =>
        metric('htcondor_up', { daemon: 'schedd', name }) === 0 ? [] : ['it is up'],
      );
      expect(metric('htcondor_jobs')).toBeUndefined();
      expect(metric('htcondor_idle_jobs_impossible')).toBeUndefined();
      expect(metric('htcondor_workers', { pool: 'cpu' })).toBe(2);
      expect(prometheus.status(DEMAND)).toBe(503);
      await waitFor('the alert is pending', 60, () =>
        prometheus.query('ALERTS{alertname="HTCondorScheddDown"}').length === 1 ? [] : ['it is not'],
      );
    } finally {
      scale(1);
      rolledOut(NAMESPACE, `statefulset/${set}`);
    }
    await waitFor('the access point is up', 120, () =>
      metric('htcondor_up', { daemon: 'schedd', name }) === 1 ? [] : ['it is down'],
    );
    expect(prometheus.status(DEMAND)).toBe(200);
  });

  proves('renewed tokens are used, and their new end is told, without a restart', async () => {
    const exporter = exporterPod();
    const before = metric('htcondor_token_expiry_timestamp_seconds', { token: 'monitor-queue' }) ?? 0;
    const old = must(exporter, 'cat /etc/condor/tokens.d/monitor-queue');
    const passed = clock();
    renewTokens(bench().pool.site, bench().secrets);
    await waitFor('the new tokens are there', 180, () => [
      ...(must(exporter, 'cat /etc/condor/tokens.d/monitor-queue') === old
        ? ['the exporter has the old one']
        : []),
      ...((metric('htcondor_token_expiry_timestamp_seconds', { token: 'monitor-queue' }) ?? 0) > before
        ? []
        : ['the old end is told']),
    ]);
    await waitFor('all answer again', 120, () =>
      asked()
        .filter(({ name, series }) => name === 'htcondor_up' && series.value !== 1)
        .map(({ series }) => JSON.stringify(series.labels)),
    );
    note('tokens renewed until the exporter uses them', passed());
    expect(exporterPod()).toEqual(exporter);
  });

  proves('a scrape costs little, and scrapes close to each other cost one', async () => {
    const [refreshes, scrapes] = [3, 15];
    const cost = () => metric('htcondor_exporter_cpu_seconds_total') ?? NaN;
    const from = cost();
    const moments = new Set<number>();
    let [slowest, count] = [0, 0];
    await waitFor(`${String(refreshes)} answers`, 240, () => {
      const { text, seconds } = prometheus.timed(METRICS);
      count += 1;
      slowest = Math.max(slowest, seconds);
      moments.add(sumOf(samplesIn(text), 'htcondor_snapshot_timestamp_seconds') ?? NaN);
      return moments.size > refreshes ? [] : [`${String(moments.size - 1)} so far`];
    });
    expect(count).toBeGreaterThan(scrapes);
    const perAnswer = (cost() - from) / refreshes;
    note('exporter: processor time of one answer of the pool', perAnswer);
    note('exporter: slowest scrape', slowest);
    expect(perAnswer).toBeLessThan(3);
  });
}
