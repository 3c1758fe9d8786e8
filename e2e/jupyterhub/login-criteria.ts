import { setTimeout as sleep } from 'node:timers/promises';
import { textsAt } from '../../lib/kubernetes/read';
import type { Proves } from '../cluster/suite';
import { say } from '../suite/look';
import type { HubBench } from './bench';
import { hubLog, inHub, usersInDatabase } from './pods';

/** Which of the words are in the files of the database, as they are. */
const IN_DATABASE = `import glob,sys
data=b"".join(open(name,"rb").read() for name in glob.glob("/srv/jupyterhub/jupyterhub.sqlite*"))
print(len(data),*[word for word in sys.argv[1:] if word.encode() in data])`;

/** How the hub comes up, who comes in, and what is kept of a log-in. */
export function loginCriteria(proves: Proves, bench: HubBench): void {
  const alice = () => bench.person('Alice.Rossi');
  const [allowed = ''] = bench.file.login.allowedGroups;
  const { refusal } = bench.file.login;

  proves('B5 the hub comes up in its pod, and says nothing against its settings', () => {
    const log = hubLog();
    expect(log).toContain('JupyterHub is now running');
    expect(log).not.toMatch(/not recognized|Traceback|Deprecat/);
  });

  proves('E1 the proxy answers at the public name, with the arguments of its Deployment', async () => {
    const { status, text } = await alice().browser.send(alice().at('/_chp_healthz'));
    expect({ status, answer: JSON.parse(text) as unknown }).toEqual({
      status: 200,
      answer: { status: 'OK' },
    });
  });

  proves(
    'D1 the button leads to the log-in service with PKCE, all scopes and the very redirect URI',
    async () => {
      const { issuer, client } = bench.facility.world;
      const button = await alice().loginButton();
      const page = await alice().browser.send(button);
      const query = Object.fromEntries(page.location?.searchParams ?? []);
      expect({ status: page.status, to: page.location?.host, path: page.location?.pathname }).toEqual({
        status: 302,
        to: issuer.host,
        path: '/authorize',
      });
      expect(query).toMatchObject({
        response_type: 'code',
        client_id: client.id,
        redirect_uri: bench.file.traits.GenericOAuthenticator.oauth_callback_url,
        code_challenge_method: 'S256',
        scope: bench.file.traits.GenericOAuthenticator.scope.join(' '),
      });
      expect(query['code_challenge']).toMatch(/^[\w-]{43}$/);
    },
  );

  proves('D2 a member of an allowed group comes to the page with the notebooks', async () => {
    await bench.member('Alice.Rossi', [allowed, `${allowed}/of-no-matter`]);
    const { authorization } =
      (await bench.facility.world.iam.seen()).find(({ path }) => path === '/token') ?? {};
    expect(authorization).toBe('Basic');
  });

  proves('D2 who is in no allowed group is refused, reads why, and is no user', async () => {
    for (const [person, groups] of [
      ['eve', []],
      ['mallory', [`${allowed}-of-others`]],
      ['trudy', [`${allowed}/of-no-matter`]],
    ] as const) {
      await bench.facility.world.iam.enrol({ name: person, groups });
      const visitor = bench.facility.world.visitor(person);
      const page = await visitor.logIn();
      expect({ status: page.status, text: page.text.includes(refusal) }).toEqual({ status: 403, text: true });
      expect((await visitor.whoAmI()).status).toBe(403);
      bench.figures.refused += 1;
    }
    expect(usersInDatabase()).toEqual(['alice.rossi']);
  });

  proves('D3 the name is in small letters, and the groups are those of the token', async () => {
    const { user } = await alice().whoAmI();
    expect(user).toMatchObject({ name: 'alice.rossi', admin: false });
    expect([...textsAt(user, 'groups')].sort()).toEqual([allowed, `${allowed}/of-no-matter`]);
  });

  proves('D4 tokens are stored, and nobody reads them in the database', async () => {
    const [issued] = await bench.lastIssued('Alice.Rossi', 'authorization_code');
    if (!issued) throw new Error('no token was issued');
    const state = bench.stored('alice.rossi');
    expect(state).toMatchObject({ access_token: issued.accessToken, refresh_token: issued.refreshToken });
    const words = [issued.accessToken, issued.refreshToken, issued.idToken, 'alice.rossi'];
    const [size, ...found] = inHub(IN_DATABASE, ...words)
      .trim()
      .split(' ');
    expect(Number(size)).toBeGreaterThan(50_000);
    expect(found).toEqual(['alice.rossi']);
  });
}

/** A log-in that becomes old: the age is in dist, and long, so that other criteria come between the two. */
export function agedLogIn(proves: Proves, bench: HubBench): { begin: () => void; end: () => void } {
  const frida = () => bench.person('frida');
  return {
    begin: () => {
      proves('D5 a token that has ended is not refreshed before the age that dist states', async () => {
        await bench.facility.world.iam.set({ accessSeconds: 2, rotation: true });
        await bench.member('frida');
        await bench.facility.world.iam.set({ accessSeconds: 3600, rotation: false });
        const [{ accessToken } = { accessToken: '' }] = await bench.lastIssued('frida', 'authorization_code');
        await bench.ended(accessToken);
        expect((await frida().whoAmI()).status).toBe(200);
        expect(await bench.lastIssued('frida', 'refresh_token')).toEqual([]);
      });
    },
    end: () => {
      proves('D5 and it is refreshed by the first request after that age', async () => {
        const age = bench.file.traits.GenericOAuthenticator.auth_refresh_age * 1000;
        say(`${bench.name}: waiting until a log-in is ${String(age / 1000)} s old`);
        await sleep(Math.max(age - bench.sinceLogIn('frida') + 1000, 0));
        expect((await frida().whoAmI()).status).toBe(200);
        expect(await bench.lastIssued('frida', 'refresh_token')).toHaveLength(1);
      });
    },
  };
}
