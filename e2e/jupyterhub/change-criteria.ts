import { textAt } from '../../lib/kubernetes/read';
import { type Proves, waitFor } from '../cluster/suite';
import type { HubBench } from './bench';
import {
  endHub,
  homesOf,
  hubIsReady,
  hubLog,
  hubPod,
  notebookObject,
  setSecret,
  usersInDatabase,
} from './pods';
import { renewTokens, tokenFiles, tokenStatus } from './tokens';

/** What holds while the hub restarts, the log-in service is away, secrets are wrong, and people leave their groups. */
export function changeCriteria(proves: Proves, bench: HubBench): void {
  const alice = () => bench.person('Alice.Rossi');
  const dave = () => bench.person('dave');
  const admin = () => bench.person('ada');
  const { allowedGroups, adminGroups, refusal } = bench.file.login;
  const [allowed = ''] = allowedGroups;

  proves('D2 a member is no admin', async () => {
    await bench.member('dave');
    expect((await dave().whoAmI()).user['admin']).toBe(false);
  });

  for (const group of adminGroups.slice(0, 1)) {
    proves(`D2 a member of ${group} is an admin`, async () => {
      await bench.member('ada', [group, allowed]);
      expect((await admin().whoAmI()).user['admin']).toBe(true);
    });
  }

  proves('E2 notebooks are reached while the hub is away, and the new one knows them', async () => {
    await bench.facility.world.iam.enrol({ name: 'dave', groups: ['/of-another'] });
    await bench.facility.world.iam.enrol({ name: 'ada', groups: [allowed] });
    await bench.facility.world.iam.enrol({ name: 'gina', groups: ['/of-another'] });
    const { pod } = hubPod();
    // A notebook believes a session for five minutes: this one has just asked the hub.
    await bench.stranger('Alice.Rossi').logIn();
    await alice().notebook();
    bench.figures.logIns += 1;
    endHub();
    expect(await alice().run('print("still here")')).toBe('still here\n');
    await hubIsReady();
    expect(hubPod().pod).not.toBe(pod);
    expect(await alice().run('print("and again")')).toBe('and again\n');
    const { user } = await alice().whoAmI();
    expect(user).toMatchObject({ name: 'alice.rossi', server: '/user/alice.rossi/' });
  });

  for (const group of adminGroups.slice(0, 1)) {
    proves(`D2 an admin who has left ${group} is none after the next look`, async () => {
      expect((await admin().whoAmI()).user).toMatchObject({ name: 'ada', admin: false });
    });
  }

  proves('D11 who has left every group has no token any more, and reads why', () => {
    // The notebook, which had one, may have asked by itself in the meantime.
    renewTokens('gina');
    expect(Object.keys(tokenFiles('gina')).filter((path) => !path.startsWith('dask/'))).toEqual([
      'status.json',
    ]);
    expect(tokenStatus('gina').messages.join()).toContain('you have left the groups');
    expect(Object.keys(tokenFiles('alice.rossi'))).toContain('bearer_token');
    bench.figures.refused += 1;
  });

  proves('D6 who has left every group loses the session, and starts nothing', async () => {
    const page = await dave().browser.send(dave().at('/hub/home'));
    expect({ status: page.status, to: page.location?.pathname }).toEqual({ status: 302, to: '/hub/login' });
    expect((await dave().spawnByApi({})).status).toBe(403);
    const again = await dave().logIn();
    expect({ status: again.status, text: again.text.includes(refusal) }).toEqual({
      status: 403,
      text: true,
    });
    expect(() => notebookObject('dave')).toThrow('dave has 0');
    bench.figures.refused += 3;
  });

  describe.each([false, true])('D5 with a new refresh token each time: %s', (rotation) => {
    proves('eight requests at the same time after the end of a token refresh it once', async () => {
      const person = rotation ? 'rosa' : 'paul';
      await bench.facility.world.iam.set({ accessSeconds: 2, rotation });
      const visitor = await bench.member(person);
      const before = bench.stored(person);
      await bench.ended(before.access_token);
      // A hub that has just started looks at each log-in again.
      await bench.restartHub();
      await bench.facility.world.iam.set({ accessSeconds: 3600 });
      const answers = await Promise.all(Array.from({ length: 8 }, () => visitor.whoAmI()));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
      const refreshed = await bench.lastIssued(person, 'refresh_token');
      expect(refreshed).toHaveLength(1);
      const after = bench.stored(person);
      expect(after.access_token).toBe(refreshed[0]?.accessToken);
      expect(after.access_token).not.toBe(before.access_token);
      expect(after.refresh_token === before.refresh_token).toBe(!rotation);
    });
  });

  proves('D8 a log-in service that is down ends nothing, and consents to nothing', async () => {
    await bench.restartHub();
    expect((await alice().whoAmI()).status).toBe(200);
    await bench.facility.world.iam.close();
    try {
      expect((await alice().whoAmI()).status).toBe(200);
      await bench.restartHub();
      expect((await alice().whoAmI()).status).not.toBe(200);
      expect((await alice().browser.send(alice().at('/hub/home'))).status).not.toBe(200);
      expect((await alice().spawnByApi({})).status).toBeGreaterThanOrEqual(400);
    } finally {
      await bench.facility.world.iam.open();
    }
    expect((await alice().whoAmI()).status).toBe(200);
    await alice().notebook();
    expect(await alice().run('print("still here")')).toBe('still here\n');
  });

  proves('D9 a wrong secret of the client lets nobody in, and no log has a secret', async () => {
    const wrong = 'not-the-secret-of-the-client';
    setSecret(bench.facility.secret, 'oidc_client_secret', wrong);
    await bench.restartHub();
    try {
      const visitor = bench.facility.world.visitor('bob');
      const page = await visitor.logIn();
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.text).not.toContain(wrong);
      expect((await visitor.whoAmI()).status).toBe(403);
      bench.figures.refused += 1;
      const log = hubLog();
      for (const word of [
        wrong,
        ...Object.entries(bench.facility.keys).flatMap(([key, text]) =>
          key === 'oidc_client_id' ? [] : [text],
        ),
      ])
        expect(log).not.toContain(word);
    } finally {
      setSecret(bench.facility.secret, 'oidc_client_secret', bench.facility.keys['oidc_client_secret'] ?? '');
    }
  });

  proves('E3 a hub that the proxy does not know does not come up', async () => {
    setSecret(bench.facility.secret, 'auth_token', 'f'.repeat(64));
    endHub();
    try {
      await waitFor('the hub is refused by the proxy', 120, () => {
        const log = hubLog();
        return /403|Forbidden/.test(log) ? [] : [log.slice(-500)];
      });
      expect(hubLog()).not.toContain('JupyterHub is now running');
      bench.figures.refused += 1;
    } finally {
      setSecret(bench.facility.secret, 'auth_token', bench.facility.keys['auth_token'] ?? '');
    }
    await bench.restartHub();
    await alice().notebook();
    expect(await alice().run('print("still here")')).toBe('still here\n');
  });

  // Only an admin of the hub can delete a user, and not every site has some.
  for (const group of adminGroups.slice(0, 1)) {
    proves('a home is kept when its user is deleted', async () => {
      await alice().stop();
      const other = await bench.member('anna', [group]);
      const { status } = await other.browser.call(other.at('/hub/api/users/alice.rossi'), {
        method: 'DELETE',
      });
      expect(status).toBe(204);
      expect(usersInDatabase()).not.toContain('alice.rossi');
      expect(homesOf('alice.rossi').map((claim) => textAt(claim, 'metadata', 'deletionTimestamp'))).toEqual([
        undefined,
      ]);
    });
  }

  proves('no token of any log-in is in the log of the hub', async () => {
    const log = hubLog();
    const issued = await bench.facility.world.iam.issued();
    expect(issued.length).toBeGreaterThan(5);
    for (const { accessToken, refreshToken, idToken } of issued)
      for (const token of [accessToken, refreshToken, idToken])
        if (token !== '') expect(log).not.toContain(token);
  });
}
