import { textAt } from '../../lib/kubernetes/read';
import type { Proves } from '../cluster/suite';
import { memberOf, type Bench } from './bench';
import type { User } from './client';
import { clock, note } from './figures';
import { fetchOutput, isCompleted, queue, secondsBetween, STATUS, submit, waitForJobs } from './jobs';
import { kitCriteria } from './kit-criteria';
import { must, permissionsIn } from './pool';
import { REFUSED } from './refused';

/** A job of an outside client comes to its end, and its output back. */
export async function outsideJobCompletes(bench: Bench, user: User, owner: string): Promise<void> {
  const passed = clock();
  const jobs = submit(bench.client, user, { script: 'echo "ran as $(id -un)"' });
  const [job] = await waitForJobs(bench.client, jobs, 60, 'completed', isCompleted);
  expect({ exit: job?.['ExitCode'], owner: job?.['Owner'] }).toEqual({ exit: 0, owner });
  expect(fetchOutput(bench.client, jobs, 'out.0')).toMatch(/^ran as slot1_\d+$/m);
  expect(passed()).toBeLessThan(30);
  note('outside client: submit to output', passed());
  if (job) note('submit to start', secondsBetween(job, 'QDate', 'JobStartDate'));
}

/** What users outside do with their tokens, and what they may not: holds for every pool. */
export function outsideCriteria(proves: Proves, bench: () => Bench): void {
  proves('A6 a job from outside, by the token of an issuer, runs under the name of its owner', async () => {
    await outsideJobCompletes(bench(), memberOf(bench(), 'cms', 'alice'), 'cms_alice');
  });

  kitCriteria(proves, bench);

  proves('A7 good tokens of all kinds may look and submit; one that may only read, only looks', () => {
    const { issuers, client } = bench();
    const issuer = issuers.of['cms'];
    if (!issuer) throw new Error('no issuer');
    const both = { READ: true, WRITE: true };
    const scitokens = { ver: 'scitoken:2.0', 'wlcg.ver': undefined, scope: 'condor:/READ condor:/WRITE' };
    const good: readonly (readonly [what: string, token: string, may: object])[] = [
      ['ES256', issuer.token('alice'), both],
      ['RS256', issuer.token('alice', {}, 'RS256'), both],
      ['SciTokens profile', issuer.token('alice', scitokens), both],
      ['read only', issuer.token('alice', { scope: 'compute.read' }), { READ: true, WRITE: false }],
      [
        'no scope for jobs',
        issuer.token('alice', { scope: 'openid profile' }),
        { READ: false, WRITE: false },
      ],
    ];
    for (const [what, token, may] of good) {
      const { out } = client.run({ name: 'alice', token }, 'condor_ping -type schedd -table READ WRITE');
      const rows = permissionsIn(out).map(({ name, allowed }) => [name, allowed]);
      expect([what, Object.fromEntries(rows)]).toEqual([what, may]);
    }
    const reader = memberOf(bench(), 'cms', 'reader', { scope: 'compute.read' });
    expect(client.run(reader, 'condor_q -allusers').status).toBe(0);
    expect(() => submit(client, reader, { script: 'true' })).toThrow(/condor_submit/);
  });

  for (const { what, token, reason } of REFUSED)
    proves(`A7 refused, and the access point says why: ${what}`, () => {
      const { pool, client } = bench();
      const log = '/var/log/condor/SchedLog';
      const from = Number(must(pool.accessPoint, `wc -c < ${log}`)) + 1;
      const user = { name: 'mallory', token: token(bench()) };
      const { status, out } = client.run(user, 'condor_ping -type schedd -table READ WRITE');
      expect(permissionsIn(out).filter(({ allowed }) => allowed)).toEqual([]);
      expect(status).toBe(1);
      expect(must(pool.accessPoint, `tail -c +${String(from)} ${log}`)).toMatch(reason);
    });

  proves('A7 refused by the client: an access point whose certificate has another name', () => {
    const { pool, client } = bench();
    const user = memberOf(bench(), 'cms', 'alice');
    const port = String(pool.outside.port);
    const other = client.run(user, 'condor_ping -type schedd -table READ', {
      SCHEDD_HOST: `other.example.net:${port}`,
    });
    expect(permissionsIn(other.out).filter(({ allowed }) => allowed)).toEqual([]);
    expect(other.status).toBe(1);
    const known = { SCHEDD_HOST: `${pool.outside.host}:${port}` };
    expect(client.run(user, 'condor_ping -type schedd -quiet READ', known).status).toBe(0);
  });

  proves('A9 a held job says so and runs when it is released', async () => {
    const { client } = bench();
    const user = memberOf(bench(), 'cms', 'alice');
    const jobs = submit(client, user, { script: 'sleep 600' });
    await waitForJobs(client, jobs, 60, 'running', (job) => job['JobStatus'] === STATUS.running);
    client.must(user, `condor_hold ${String(jobs.id)} -reason 'to look at it'`);
    const [held] = await waitForJobs(client, jobs, 30, 'held', (job) => job['JobStatus'] === STATUS.held);
    expect(textAt(held, 'HoldReason')).toContain('to look at it');
    client.must(user, `condor_release ${String(jobs.id)}`);
    await waitForJobs(client, jobs, 60, 'running', (job) => job['JobStatus'] === STATUS.running);
    client.must(user, `condor_rm ${String(jobs.id)}`);
  });

  proves('A9 twenty jobs end well', async () => {
    const { client } = bench();
    const jobs = submit(client, memberOf(bench(), 'cms', 'alice'), { script: 'sleep 1; exit 0', count: 20 });
    const done = await waitForJobs(client, jobs, 120, 'completed', isCompleted);
    expect(done.map((job) => job['ExitCode'])).toEqual(Array.from({ length: 20 }, () => 0));
    expect(queue(client, jobs)).toHaveLength(20);
    // A file a day: the one of before midnight counts as well.
    expect(must(bench().pool.accessPoint, 'cat /var/spool/condor/audit.schedd*')).toMatch(/cms_alice@/);
    note(
      'twenty jobs of one second',
      Math.max(...done.map((job) => secondsBetween(job, 'QDate', 'CompletionDate'))),
    );
  });
}
