import { applyObjects } from '../cluster/kubectl';
import { waitFor, type Proves } from '../cluster/suite';
import { usersOf, type Bench } from './bench';
import { clock, note } from './figures';
import { isCompleted, waitForJobs } from './jobs';
import { startNotebook } from './notebook';
import { CENTRAL_MANAGER, lifeOf, must, NAMESPACE, permissionsIn, run, workers, type Place } from './pool';
import { idToken, secretObject } from './secrets';

/** Tokens and keys: of notebooks, in pods, renewed. */
export function credentialCriteria(proves: Proves, bench: () => Bench): void {
  const { alice } = usersOf(bench);

  proves(
    'A15 a notebook comes in by a token of the hub, for an hour, and never as an administrator',
    async () => {
      const { pool, secrets } = bench();
      const who = `cms_dave@${pool.domain}`;
      const notebook = startNotebook(bench());
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
      const [job] = await waitForJobs(bench().client, jobs, 60, 'completed', isCompleted);
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
    expect(files(bench().pool.accessPoint, 'tokens.d')).toEqual(['64 600 /etc/condor/tokens.d/ap']);
    expect(files(bench().pool.accessPoint, 'passwords.d')).toEqual([
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
    const { pool, secrets } = bench();
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
}
