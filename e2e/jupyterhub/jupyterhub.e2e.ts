import { setTimeout as sleep } from 'node:timers/promises';
import { at, labelsAt, listAt, textAt, textsAt } from '../../lib/kubernetes/read';
import { readSite } from '../cluster/cluster';
import { mustKubectl } from '../cluster/kubectl';
import { stopAll } from '../cluster/processes';
import { collectLogs, provesWith, waitFor } from '../cluster/suite';
import { say } from '../suite/look';
import { hubFile, startFacility, type Facility } from './facility';
import { flowTable, isOpen } from './flows';
import { flowsOf, startStranger } from './hub-flows';
import type { Issued } from './outside/iam';
import { endHub, hubIsReady, hubLog, hubPod, inHub, notebookObject, notebookPod, setSecret } from './pods';
import { claimsOf, renewTokens, tokenFiles, tokenStatus } from './tokens';
import type { Visitor } from './visitor';

const SITES = ['infn-perugia', 'two-experiments'];
const USERS = 'jupyterhub-users';

/** Reads the tokens that a log-in has stored; only the hub's own key opens them. */
const STORED_TOKENS = `import asyncio,json,sqlite3,sys
from jupyterhub.crypto import CryptKeeper
keys=open("/usr/local/etc/jupyterhub/secret/crypt_keys").read().strip().split(";")
row=sqlite3.connect("file:/srv/jupyterhub/jupyterhub.sqlite?mode=ro",uri=True).execute("select encrypted_auth_state from users where name=?",(sys.argv[1],)).fetchone()
async def read(): return await CryptKeeper(keys=keys).decrypt(row[0])
print(json.dumps(asyncio.run(read())))`;

/** Which of the words are in the files of the database, as they are. */
const IN_DATABASE = `import glob,sys
data=b"".join(open(name,"rb").read() for name in glob.glob("/srv/jupyterhub/jupyterhub.sqlite*"))
print(len(data),*[word for word in sys.argv[1:] if word.encode() in data])`;

const USERS_IN_DATABASE = `import sqlite3
print(*[row[0] for row in sqlite3.connect("file:/srv/jupyterhub/jupyterhub.sqlite?mode=ro",uri=True).execute("select name from users order by name")])`;

const homesOf = (account: string) =>
  listAt(JSON.parse(mustKubectl(['get', 'pvc', `--namespace=${USERS}`, '--output=json'])), 'items').filter(
    (claim) => labelsAt(claim, 'metadata', 'annotations')['hub.jupyter.org/username'] === account,
  );

afterAll(stopAll);

describe.each(SITES)('%s', (name) => {
  const site = readSite(name);
  const file = hubFile(name);
  const { allowedGroups, adminGroups, refusal } = file.login;
  const [allowed = ''] = allowedGroups;
  const figures = { logIns: 0, spawns: 0, refused: 0, cells: [] as number[] };
  let facility: Facility;
  let leave: (() => void) | undefined;
  let alice: Visitor;
  let bob: Visitor;
  let gina: Visitor;

  const proves = provesWith(() => {
    say(`logs and events: ${collectLogs(`jupyterhub-${name}`)}`);
  });

  /** Somebody who has logged in. */
  const member = async (person: string, groups: readonly string[] = [allowed]): Promise<Visitor> => {
    await facility.world.iam.enrol({ name: person, groups });
    const visitor = facility.world.visitor(person);
    const page = await visitor.logIn();
    expect({ status: page.status, path: page.url.pathname }).toEqual({ status: 200, path: '/hub/spawn' });
    figures.logIns += 1;
    return visitor;
  };

  /** From the click to the answer of the first cell. */
  const clickToCell = async (visitor: Visitor, choice: Readonly<Record<string, string>>, code: string) => {
    const from = process.hrtime.bigint();
    const page = await visitor.spawn(choice);
    expect({ status: page.status, path: page.location?.pathname }).toEqual({
      status: 302,
      path: `/hub/spawn-pending/${visitor.account}`,
    });
    await visitor.notebook();
    const output = await visitor.run(code);
    figures.spawns += 1;
    figures.cells.push(Number((process.hrtime.bigint() - from) / 1_000_000n) / 1000);
    return output;
  };

  const restartHub = async () => {
    endHub();
    await hubIsReady();
    await waitFor('the hub answers at its public name', 60, async () => {
      const { status } = await alice.browser.send(alice.at('/hub/health'));
      return status === 200 ? [] : [String(status)];
    });
  };

  const lastIssued = async (person: string, grant: string): Promise<readonly Issued[]> =>
    (await facility.world.iam.issued()).filter((each) => each.person === person && each.grant === grant);

  const stored = (account: string): { readonly access_token: string; readonly refresh_token: string } =>
    JSON.parse(inHub(STORED_TOKENS, account)) as { access_token: string; refresh_token: string };

  /** Waits until the log-in service takes a token no longer. */
  const ended = (token: string) =>
    waitFor('the token has ended', 15, async () => {
      const { status } = await alice.browser.send(new URL('/userinfo', facility.world.issuer), {
        headers: { authorization: `Bearer ${token}` },
      });
      return status === 401 ? [] : [String(status)];
    });

  beforeAll(async () => {
    try {
      facility = await startFacility(site, say);
      leave = () => {
        facility.world.stop();
      };
      alice = facility.world.visitor('Alice.Rossi');
      bob = facility.world.visitor('bob');
    } catch (error) {
      say(`logs and events: ${collectLogs(`jupyterhub-${name}`)}`);
      throw error;
    }
  });
  afterAll(async () => {
    leave?.();
    const cells = figures.cells.map((seconds) => seconds.toFixed(1)).join(', ');
    say(
      `${name}: ${String(figures.logIns)} log-ins, ${String(figures.spawns)} notebooks, ${String(figures.refused)} refusals; seconds from the click to the answer of the first cell: ${cells}`,
    );
    await stopAll();
  });

  proves('B5 the hub comes up in its pod, and says nothing against its settings', () => {
    const log = hubLog();
    expect(log).toContain('JupyterHub is now running');
    expect(log).not.toMatch(/not recognized|Traceback|Deprecat/);
  });

  proves('E1 the proxy answers at the public name, with the arguments of its Deployment', async () => {
    const { status, text } = await alice.browser.send(alice.at('/_chp_healthz'));
    expect({ status, answer: JSON.parse(text) as unknown }).toEqual({
      status: 200,
      answer: { status: 'OK' },
    });
  });

  proves(
    'D1 the button leads to the log-in service with PKCE, all scopes and the very redirect URI',
    async () => {
      const { issuer, client } = facility.world;
      const button = await alice.loginButton();
      const page = await alice.browser.send(button);
      const query = Object.fromEntries(page.location?.searchParams ?? []);
      expect({ status: page.status, to: page.location?.host, path: page.location?.pathname }).toEqual({
        status: 302,
        to: issuer.host,
        path: '/authorize',
      });
      expect(query).toMatchObject({
        response_type: 'code',
        client_id: client.id,
        redirect_uri: file.traits.GenericOAuthenticator.oauth_callback_url,
        code_challenge_method: 'S256',
        scope: file.traits.GenericOAuthenticator.scope.join(' '),
      });
      expect(query['code_challenge']).toMatch(/^[\w-]{43}$/);
    },
  );

  proves('D2 a member of an allowed group comes to the page with the notebooks', async () => {
    alice = await member('Alice.Rossi', [allowed, `${allowed}/of-no-matter`]);
    const { authorization } = (await facility.world.iam.seen()).find(({ path }) => path === '/token') ?? {};
    expect(authorization).toBe('Basic');
  });

  proves('D2 who is in no allowed group is refused, reads why, and is no user', async () => {
    for (const [person, groups] of [
      ['eve', []],
      ['mallory', [`${allowed}-of-others`]],
      ['trudy', [`${allowed}/of-no-matter`]],
    ] as const) {
      await facility.world.iam.enrol({ name: person, groups });
      const visitor = facility.world.visitor(person);
      const page = await visitor.logIn();
      expect({ status: page.status, text: page.text.includes(refusal) }).toEqual({ status: 403, text: true });
      expect((await visitor.whoAmI()).status).toBe(403);
      figures.refused += 1;
    }
    expect(inHub(USERS_IN_DATABASE).trim()).toBe('alice.rossi');
  });

  proves('D3 the name is in small letters, and the groups are those of the token', async () => {
    const { user } = await alice.whoAmI();
    expect(user).toMatchObject({ name: 'alice.rossi', admin: false });
    expect([...textsAt(user, 'groups')].sort()).toEqual([allowed, `${allowed}/of-no-matter`]);
  });

  proves('D4 tokens are stored, and nobody reads them in the database', async () => {
    const [issued] = await lastIssued('Alice.Rossi', 'authorization_code');
    if (!issued) throw new Error('no token was issued');
    const state = stored('alice.rossi');
    expect(state).toMatchObject({ access_token: issued.accessToken, refresh_token: issued.refreshToken });
    const words = [issued.accessToken, issued.refreshToken, issued.idToken, 'alice.rossi'];
    const [size, ...found] = inHub(IN_DATABASE, ...words)
      .trim()
      .split(' ');
    expect(Number(size)).toBeGreaterThan(50_000);
    expect(found).toEqual(['alice.rossi']);
  });

  // The age is the same at every site, and long.
  const waits = name === SITES[0];
  let frida: Visitor;
  let fridaCame = 0n;

  if (waits) {
    proves('D5 a token that has ended is not refreshed before the age that dist states', async () => {
      await facility.world.iam.set({ accessSeconds: 2, rotation: true });
      frida = await member('frida');
      fridaCame = process.hrtime.bigint();
      await facility.world.iam.set({ accessSeconds: 3600, rotation: false });
      const [{ accessToken } = { accessToken: '' }] = await lastIssued('frida', 'authorization_code');
      await ended(accessToken);
      expect((await frida.whoAmI()).status).toBe(200);
      expect(await lastIssued('frida', 'refresh_token')).toEqual([]);
    });
  }

  proves('a cell runs in a kernel of the first notebook, reached by the public name', async () => {
    const code = 'import getpass, os, socket; print(socket.gethostname(), os.getuid(), sum(range(101)))';
    const output = await clickToCell(alice, {}, code);
    expect(output.trim()).toBe(`${notebookPod('alice.rossi').pod} 1000 5050`);
  });

  proves(
    'the home is a claim of the site, and what is written there is there in the next notebook',
    async () => {
      await alice.run('open("kept.txt", "w").write("kept")');
      await alice.stop();
      expect(await clickToCell(alice, {}, 'print(open("kept.txt").read())')).toBe('kept\n');
      const claims = homesOf('alice.rossi');
      expect(claims).toHaveLength(1);
      expect(claims[0]).toMatchObject({
        spec: {
          storageClassName: site.storage?.home?.class,
          resources: { requests: { storage: site.storage?.home?.size.text } },
        },
        status: { phase: 'Bound' },
      });
    },
  );

  proves('C3 C5 the pod that runs has no rights and no token, and none of the labels of Argo CD', () => {
    const pod = notebookObject('alice.rossi');
    expect(at(pod, 'spec', 'automountServiceAccountToken')).toBe(false);
    expect(listAt(pod, 'spec', 'containers')[0]).toMatchObject({
      securityContext: { allowPrivilegeEscalation: false, runAsUser: 1000, capabilities: { drop: ['ALL'] } },
    });
    expect(Object.keys(at(pod, 'metadata', 'labels') ?? {})).not.toContain('app.kubernetes.io/instance');
  });

  proves('every flow is open or refused on the running cluster as it should be', async () => {
    bob = await member('bob');
    await clickToCell(bob, {}, 'print(1)');
    const stranger = await startStranger();
    const flows = flowsOf({
      site,
      issuer: facility.world.issuer.hostname,
      alice: notebookPod('alice.rossi'),
      bob: notebookPod('bob'),
      stranger,
    }).map(({ container, host, port, ...flow }) => ({ ...flow, open: isOpen(container, host, port) }));
    say(`${name}: flows tried on the running cluster\n${flowTable(flows)}`);
    expect(flows.filter(({ open, expected }) => open !== expected)).toEqual([]);
    expect(flows.filter(({ expected }) => expected).length).toBeGreaterThan(8);
    expect(flows.filter(({ expected }) => !expected).length).toBeGreaterThan(12);
  });

  proves('D7 a notebook reads its own user, no tokens of the log-in, and nobody else', async () => {
    const code = `import json,os,urllib.request,urllib.error
def get(path):
    request=urllib.request.Request(os.environ["JUPYTERHUB_API_URL"]+path,headers={"Authorization":"token "+os.environ["JUPYTERHUB_API_TOKEN"]})
    try: return json.load(urllib.request.urlopen(request))
    except urllib.error.HTTPError as error: return error.code
me=get("/users/"+os.environ["JUPYTERHUB_USER"])
print(json.dumps({"name":me["name"] if isinstance(me,dict) else me,"tokens":me.get("auth_state") if isinstance(me,dict) else None,"other":get("/users/bob"),"all":get("/users")}))`;
    const said = JSON.parse(await alice.run(code)) as Readonly<Record<string, unknown>>;
    expect(said).toMatchObject({ name: 'alice.rossi', tokens: null, other: 404 });
    expect([403, 404]).toContain(said['all']);
    figures.refused += 2;
    const environment = await alice.run('import os; print("\\n".join(os.environ.values()))');
    for (const { accessToken, refreshToken } of await facility.world.iam.issued()) {
      expect(environment).not.toContain(accessToken);
      expect(environment).not.toContain(refreshToken);
    }
  });

  proves('D7 the tokens of a user are files of that user alone, and say who it is in the pool', async () => {
    const files = tokenFiles('alice.rossi');
    const [issued] = await lastIssued('Alice.Rossi', 'authorization_code');
    const [experiment = ''] = site.experiments.map((each) => each.name);
    for (const [path, { mode, owner }] of Object.entries(files))
      expect({ path, mode, owner }).toEqual({ path, mode: '0o600', owner: 1000 });
    expect(files['bearer_token']?.text).toBe(issued?.accessToken);
    expect(Object.keys(files).filter((path) => path.startsWith('pool/'))).toEqual([
      `pool/${experiment}/token`,
    ]);
    if (!facility.poolKey) throw new Error(`${name} has no pool`);
    const claims = claimsOf(files[`pool/${experiment}/token`]?.text ?? '', facility.poolKey);
    const domain = site.htcondor?.trustDomain ?? site.site.domain;
    expect(claims).toMatchObject({ iss: domain, scope: 'condor:/READ condor:/WRITE' });
    expect(claims['sub']).toMatch(
      new RegExp(`^${experiment}_[0-9a-f-]{36}@${domain.replaceAll('.', '[.]')}$`),
    );
    expect(Number(claims['exp']) - Date.now() / 1000).toBeLessThanOrEqual(1200);
    expect(Object.keys(tokenStatus('alice.rossi').ends).sort()).toEqual(
      ['bearer_token', `pool/${experiment}/token`].sort(),
    );
    expect(Object.values(files).map(({ text }) => text)).not.toContain(issued?.refreshToken);
    const others = tokenFiles('bob');
    expect(others['bearer_token']?.text).not.toBe(files['bearer_token']?.text);
    expect(claimsOf(others[`pool/${experiment}/token`]?.text ?? '', facility.poolKey)['sub']).not.toBe(
      claims['sub'],
    );
  });

  proves('D7 a notebook gets a token that is good for long, where that of the log-in ends soon', async () => {
    await facility.world.iam.set({ accessSeconds: 400 });
    gina = await member('gina');
    await facility.world.iam.set({ accessSeconds: 3600 });
    const variable = 'import os; print(os.environ["BEARER_TOKEN_FILE"], os.environ["AF_EXPERIMENT"])';
    const [experiment = ''] = site.experiments.map((each) => each.name);
    expect(await clickToCell(gina, {}, variable)).toBe(`/run/af/bearer_token ${experiment}\n`);
    const refreshed = await lastIssued('gina', 'refresh_token');
    expect(refreshed).toHaveLength(1);
    expect(tokenFiles('gina')['bearer_token']?.text).toBe(refreshed[0]?.accessToken);
  });

  proves('one user does not reach the notebook of another', async () => {
    const page = await bob.browser.open(bob.at('/user/alice.rossi/lab'));
    expect(page.status).toBe(403);
    const { status } = await bob.browser.call(bob.at('/hub/api/users/alice.rossi/server'), {
      method: 'DELETE',
    });
    expect([403, 404]).toContain(status);
    figures.refused += 2;
  });

  proves('C7 requests for what is not offered start nothing', async () => {
    const carl = await member('carl');
    const [first] = file.profiles;
    const slug = first?.profile.slug ?? '';
    const wrong = [
      { profile: 'of-nobody' },
      ...(first?.profile.profile_options
        ? [
            { profile: slug, image: 'of-nobody' },
            { profile: slug, 'image--unlisted-choice': 'registry.example.org.evil.org/x:1.0.0' },
          ]
        : []),
    ];
    for (const options of wrong) {
      await carl.spawnByApi(options);
      expect(await carl.settled()).toEqual({ server: null, pending: null });
      expect(() => notebookObject('carl')).toThrow('carl has 0');
      figures.refused += 1;
    }
  });

  const limited = file.profiles.filter(({ groups }) => groups !== null);
  for (const { groups, profile } of limited) {
    proves(
      `D10 the profile ${profile.slug} is hidden from who is in none of its groups, and refused`,
      async () => {
        const outside = allowedGroups.find((group) => !(groups ?? []).includes(group)) ?? '';
        expect(outside).not.toBe('');
        const other = await member('oscar', [outside]);
        expect((await other.spawnPage()).text).not.toContain(`value="${profile.slug}"`);
        await other.spawnByApi({ profile: profile.slug });
        expect(await other.settled()).toEqual({ server: null, pending: null });
        expect(() => notebookObject('oscar')).toThrow('oscar has 0');
        figures.refused += 2;
        const mine = await member('grace', [groups?.[0] ?? '']);
        expect((await mine.spawnPage()).text).toContain(`value="${profile.slug}"`);
        await clickToCell(mine, { profile: profile.slug }, 'print(1)');
        const pod = notebookObject('grace');
        const wanted = site.jupyterhub?.profiles.find(({ slug }) => slug === profile.slug);
        expect(at(pod, 'spec', 'nodeName')).toBe(`${wanted?.pools?.[0] ?? ''}-1`);
        expect(listAt(pod, 'spec', 'containers')[0]).toMatchObject({
          resources: { limits: { [wanted?.gpu?.resource ?? '']: String(wanted?.gpu?.count) } },
        });
        await mine.stop();
      },
    );
  }

  if (waits) {
    proves('D5 and it is refreshed by the first request after that age', async () => {
      const age = file.traits.GenericOAuthenticator.auth_refresh_age * 1000;
      const passed = Number((process.hrtime.bigint() - fridaCame) / 1_000_000n);
      say(`${name}: waiting until a log-in is ${String(age / 1000)} s old`);
      await sleep(Math.max(age - passed + 1000, 0));
      expect((await frida.whoAmI()).status).toBe(200);
      expect(await lastIssued('frida', 'refresh_token')).toHaveLength(1);
    });
  }

  describe('while hub, log-in service and groups change', () => {
    let admin: Visitor;
    let dave: Visitor;

    proves('D2 a member is no admin', async () => {
      dave = await member('dave');
      expect((await dave.whoAmI()).user['admin']).toBe(false);
    });

    for (const group of adminGroups.slice(0, 1)) {
      proves(`D2 a member of ${group} is an admin`, async () => {
        admin = await member('ada', [group, allowed]);
        expect((await admin.whoAmI()).user['admin']).toBe(true);
      });
    }

    proves('E2 notebooks are reached while the hub is away, and the new one knows them', async () => {
      await facility.world.iam.enrol({ name: 'dave', groups: ['/of-another'] });
      await facility.world.iam.enrol({ name: 'ada', groups: [allowed] });
      await facility.world.iam.enrol({ name: 'gina', groups: ['/of-another'] });
      const { pod } = hubPod();
      // A notebook believes a session for five minutes: this one has just asked the hub.
      alice = facility.world.visitor('Alice.Rossi');
      await alice.logIn();
      await alice.notebook();
      figures.logIns += 1;
      endHub();
      expect(await alice.run('print("still here")')).toBe('still here\n');
      await hubIsReady();
      expect(hubPod().pod).not.toBe(pod);
      expect(await alice.run('print("and again")')).toBe('and again\n');
      const { user } = await alice.whoAmI();
      expect(user).toMatchObject({ name: 'alice.rossi', server: '/user/alice.rossi/' });
    });

    for (const group of adminGroups.slice(0, 1)) {
      proves(`D2 an admin who has left ${group} is none after the next look`, async () => {
        expect((await admin.whoAmI()).user).toMatchObject({ name: 'ada', admin: false });
      });
    }

    proves('D11 who has left every group has no token any more, and reads why', () => {
      expect(Object.keys(tokenFiles('gina'))).toContain('bearer_token');
      renewTokens('gina');
      expect(Object.keys(tokenFiles('gina')).filter((path) => !path.startsWith('dask/'))).toEqual([
        'status.json',
      ]);
      expect(tokenStatus('gina').messages.join()).toContain('you have left the groups');
      expect(Object.keys(tokenFiles('alice.rossi'))).toContain('bearer_token');
      figures.refused += 1;
    });

    proves('D6 who has left every group loses the session, and starts nothing', async () => {
      const page = await dave.browser.send(dave.at('/hub/home'));
      expect({ status: page.status, to: page.location?.pathname }).toEqual({ status: 302, to: '/hub/login' });
      expect((await dave.spawnByApi({})).status).toBe(403);
      const again = await dave.logIn();
      expect({ status: again.status, text: again.text.includes(refusal) }).toEqual({
        status: 403,
        text: true,
      });
      expect(() => notebookObject('dave')).toThrow('dave has 0');
      figures.refused += 3;
    });

    describe.each([false, true])('D5 with a new refresh token each time: %s', (rotation) => {
      proves('eight requests at the same time after the end of a token refresh it once', async () => {
        const person = rotation ? 'rosa' : 'paul';
        await facility.world.iam.set({ accessSeconds: 2, rotation });
        const visitor = await member(person);
        const before = stored(person);
        await ended(before.access_token);
        // A hub that has just started looks at each log-in again.
        await restartHub();
        await facility.world.iam.set({ accessSeconds: 3600 });
        const answers = await Promise.all(Array.from({ length: 8 }, () => visitor.whoAmI()));
        expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
        const refreshed = await lastIssued(person, 'refresh_token');
        expect(refreshed).toHaveLength(1);
        const after = stored(person);
        expect(after.access_token).toBe(refreshed[0]?.accessToken);
        expect(after.access_token).not.toBe(before.access_token);
        expect(after.refresh_token === before.refresh_token).toBe(!rotation);
      });
    });

    proves('D8 a log-in service that is down ends nothing, and consents to nothing', async () => {
      await restartHub();
      expect((await alice.whoAmI()).status).toBe(200);
      await facility.world.iam.close();
      try {
        expect((await alice.whoAmI()).status).toBe(200);
        await restartHub();
        expect((await alice.whoAmI()).status).not.toBe(200);
        expect((await alice.browser.send(alice.at('/hub/home'))).status).not.toBe(200);
        expect((await alice.spawnByApi({})).status).toBeGreaterThanOrEqual(400);
      } finally {
        await facility.world.iam.open();
      }
      expect((await alice.whoAmI()).status).toBe(200);
      await alice.notebook();
      expect(await alice.run('print("still here")')).toBe('still here\n');
    });

    proves('D9 a wrong secret of the client lets nobody in, and no log has a secret', async () => {
      const wrong = 'not-the-secret-of-the-client';
      setSecret(facility.secret, 'oidc_client_secret', wrong);
      await restartHub();
      try {
        const visitor = facility.world.visitor('bob');
        const page = await visitor.logIn();
        expect(page.status).toBeGreaterThanOrEqual(400);
        expect(page.text).not.toContain(wrong);
        expect((await visitor.whoAmI()).status).toBe(403);
        figures.refused += 1;
        const log = hubLog();
        for (const word of [
          wrong,
          ...Object.entries(facility.keys).flatMap(([key, text]) => (key === 'oidc_client_id' ? [] : [text])),
        ])
          expect(log).not.toContain(word);
      } finally {
        setSecret(facility.secret, 'oidc_client_secret', facility.keys['oidc_client_secret'] ?? '');
      }
    });

    proves('E3 a hub that the proxy does not know does not come up', async () => {
      setSecret(facility.secret, 'auth_token', 'f'.repeat(64));
      endHub();
      try {
        await waitFor('the hub is refused by the proxy', 120, () => {
          const log = hubLog();
          return /403|Forbidden/.test(log) ? [] : [log.slice(-500)];
        });
        expect(hubLog()).not.toContain('JupyterHub is now running');
        figures.refused += 1;
      } finally {
        setSecret(facility.secret, 'auth_token', facility.keys['auth_token'] ?? '');
      }
      await restartHub();
      await alice.notebook();
      expect(await alice.run('print("still here")')).toBe('still here\n');
    });
  });

  // Only an admin of the hub can delete a user, and not every site has some.
  for (const group of adminGroups.slice(0, 1)) {
    proves('a home is kept when its user is deleted', async () => {
      await alice.stop();
      const other = await member('anna', [group]);
      const { status } = await other.browser.call(other.at('/hub/api/users/alice.rossi'), {
        method: 'DELETE',
      });
      expect(status).toBe(204);
      expect(inHub(USERS_IN_DATABASE).split(/\s/)).not.toContain('alice.rossi');
      expect(homesOf('alice.rossi').map((claim) => textAt(claim, 'metadata', 'deletionTimestamp'))).toEqual([
        undefined,
      ]);
    });
  }

  proves('no token of any log-in is in the log of the hub', async () => {
    const log = hubLog();
    const issued = await facility.world.iam.issued();
    expect(issued.length).toBeGreaterThan(5);
    for (const { accessToken, refreshToken, idToken } of issued)
      for (const token of [accessToken, refreshToken, idToken])
        if (token !== '') expect(log).not.toContain(token);
  });
});
