import { DIAGNOSED, DIAGNOSIS, REFUSED, SAID } from '../../lib/client-kit/messages';
import { waitFor } from '../cluster/suite';
import { memberOf, type Bench } from './bench';
import { KIT } from './client';
import { clock, note } from './figures';
import { isCompleted, queue, waitForJobs } from './jobs';
import { commandsOf } from './kit';
import { permissionsIn } from './pool';
import type { Proves } from '../cluster/suite';

/** Number of a cluster of jobs in the commands of the page. */
const EXAMPLE_NUMBER = /\b12\b/g;

/** What the client kit promises to somebody who has it and a token, and nothing else. */
export function kitCriteria(proves: Proves, bench: () => Bench): void {
  proves(
    'A6 the commands of the client kit’s page, as they stand there, bring back what its example made',
    async () => {
      const { client } = bench();
      const user = memberOf(bench(), 'cms', 'newcomer');
      const commands = commandsOf(client.kitFile('README.md'), 'Submit, watch, fetch');
      const fetch = commands.findIndex((each) => each.startsWith('condor_transfer_data'));
      expect(fetch).toBeGreaterThan(3);
      const passed = clock();
      const submitted = client.run(
        user,
        `cp -r '${KIT}' kit; cd kit\n${commands.slice(0, fetch).join('\n')}`,
      );
      expect([submitted.status, submitted.out + submitted.err]).toEqual([0, expect.any(String)]);
      expect(permissionsIn(submitted.out).map(({ name, allowed }) => [name, allowed])).toEqual([
        ['READ', true],
        ['WRITE', true],
      ]);
      expect(submitted.out).toContain('cms_newcomer@');
      const id = Number(/submitted to cluster (\d+)/.exec(submitted.out)?.[1]);
      const jobs = { id, user, folder: 'kit' };
      const done = await waitForJobs(client, jobs, 60, 'completed', isCompleted);
      expect(done.map((job) => job['ExitCode'])).toEqual([0, 0, 0]);
      const rest = commands.slice(fetch).join('\n').replace(EXAMPLE_NUMBER, String(id));
      const fetched = client.must(user, `cd kit\nsource env.sh\ncd example\n${rest}`);
      note('client kit: first command to the output of its example', passed());
      expect(fetched.match(/^3\.1[0-9]{4}$/gm)).toHaveLength(3);
      expect(client.must(user, 'cat kit/example/pi.2.out')).toMatch(/^job 2 runs on execute-/);
      await waitFor('the jobs that were removed have left the queue', 30, () =>
        queue(client, jobs).map((job) => JSON.stringify(job)),
      );
    },
  );

  proves('A6 HTCondor’s tools say what the client kit’s page explains', () => {
    const { client, issuers, pool } = bench();
    const page = client.kitFile('README.md');
    const good = memberOf(bench(), 'cms', 'alice');
    const ended = { iat: 1_000_000_000, nbf: 1_000_000_000, exp: 1_000_003_600 };
    const port = String(pool.outside.port);
    const refused = [
      [DIAGNOSED.noToken, good, 'rm "$BEARER_TOKEN_FILE"', {}],
      [DIAGNOSED.tokenRefused, memberOf(bench(), 'cms', 'alice', ended), ':', {}],
      [DIAGNOSED.tokenRefused, { name: 'alice', token: issuers.stranger.token('alice') }, ':', {}],
      [DIAGNOSED.unknownCa, good, ':', { AUTH_SSL_CLIENT_CAFILE: '/etc/ssl/certs/ca-certificates.crt' }],
      [DIAGNOSED.otherHost, good, ':', { SCHEDD_HOST: `other.example.net:${port}` }],
    ] as const;
    for (const [{ says }, user, first, settings] of refused) {
      expect(page).toContain(`| \`${says}\` |`);
      const { status, out, err } = client.run(user, `${first}; condor_q`, settings);
      expect([says, status === 0, out + err]).toEqual([says, false, expect.stringContaining(REFUSED)]);
      const diagnosed = client.run(user, `${first}; ${DIAGNOSIS}`, settings);
      expect(diagnosed.out + diagnosed.err).toContain(says);
    }
    const unreached = [
      [SAID.unreachable, { SCHEDD_HOST: `${pool.outside.host}:32000` }],
      [SAID.unknownHost, { SCHEDD_HOST: `nowhere.example.net:${port}` }],
    ] as const;
    for (const [{ says }, settings] of unreached) {
      expect(page).toContain(`| \`${says}\` |`);
      const { status, out, err } = client.run(good, 'condor_q', settings);
      expect([status === 0, out + err]).toEqual([false, expect.stringContaining(says)]);
    }
  });
}
