import { at, listAt } from '../../lib/kubernetes/read';
import type { Proves } from '../cluster/suite';
import { say } from '../suite/look';
import type { HubBench } from './bench';
import { flowTable, isOpen } from './flows';
import { flowsOf, startStranger } from './hub-flows';
import { homesOf, notebookObject, notebookPod } from './pods';
import { claimsOf, tokenFiles, tokenStatus } from './tokens';

/** What a notebook is, has and reaches, and who gets none. */
export function notebookCriteria(proves: Proves, bench: HubBench): void {
  const alice = () => bench.person('Alice.Rossi');
  const bob = () => bench.person('bob');
  const gina = () => bench.person('gina');
  const { site } = bench;
  const { allowedGroups } = bench.file.login;

  proves('a cell runs in a kernel of the first notebook, reached by the public name', async () => {
    const code = 'import getpass, os, socket; print(socket.gethostname(), os.getuid(), sum(range(101)))';
    const output = await bench.clickToCell(alice(), {}, code);
    expect(output.trim()).toBe(`${notebookPod('alice.rossi').pod} 1000 5050`);
  });

  proves(
    'the home is a claim of the site, and what is written there is there in the next notebook',
    async () => {
      await alice().run('open("kept.txt", "w").write("kept")');
      await alice().stop();
      expect(await bench.clickToCell(alice(), {}, 'print(open("kept.txt").read())')).toBe('kept\n');
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
    await bench.member('bob');
    await bench.clickToCell(bob(), {}, 'print(1)');
    const stranger = await startStranger();
    const flows = flowsOf({
      site,
      issuer: bench.facility.world.issuer.hostname,
      alice: notebookPod('alice.rossi'),
      bob: notebookPod('bob'),
      stranger,
    }).map(({ container, host, port, ...flow }) => ({ ...flow, open: isOpen(container, host, port) }));
    say(`${bench.name}: flows tried on the running cluster\n${flowTable(flows)}`);
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
    const said = JSON.parse(await alice().run(code)) as Readonly<Record<string, unknown>>;
    expect(said).toMatchObject({ name: 'alice.rossi', tokens: null, other: 404 });
    expect([403, 404]).toContain(said['all']);
    bench.figures.refused += 2;
    const environment = await alice().run('import os; print("\\n".join(os.environ.values()))');
    for (const { accessToken, refreshToken } of await bench.facility.world.iam.issued()) {
      expect(environment).not.toContain(accessToken);
      expect(environment).not.toContain(refreshToken);
    }
  });

  proves('D7 the tokens of a user are files of that user alone, and say who it is in the pool', async () => {
    const files = tokenFiles('alice.rossi');
    const [issued] = await bench.lastIssued('Alice.Rossi', 'authorization_code');
    const [experiment = ''] = site.experiments.map((each) => each.name);
    for (const [path, { mode, owner }] of Object.entries(files))
      expect({ path, mode, owner }).toEqual({ path, mode: '0o600', owner: 1000 });
    expect(files['bearer_token']?.text).toBe(issued?.accessToken);
    expect(Object.keys(files).filter((path) => path.startsWith('pool/'))).toEqual([
      `pool/${experiment}/token`,
    ]);
    if (!bench.facility.poolKey) throw new Error(`${bench.name} has no pool`);
    const claims = claimsOf(files[`pool/${experiment}/token`]?.text ?? '', bench.facility.poolKey);
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
    expect(claimsOf(others[`pool/${experiment}/token`]?.text ?? '', bench.facility.poolKey)['sub']).not.toBe(
      claims['sub'],
    );
  });

  proves('D7 a notebook gets a token that is good for long, where that of the log-in ends soon', async () => {
    await bench.facility.world.iam.set({ accessSeconds: 400 });
    await bench.member('gina');
    await bench.facility.world.iam.set({ accessSeconds: 3600 });
    const variable = 'import os; print(os.environ["BEARER_TOKEN_FILE"], os.environ["AF_EXPERIMENT"])';
    const [experiment = ''] = site.experiments.map((each) => each.name);
    expect(await bench.clickToCell(gina(), {}, variable)).toBe(`/run/af/bearer_token ${experiment}\n`);
    const refreshed = await bench.lastIssued('gina', 'refresh_token');
    expect(refreshed).toHaveLength(1);
    expect(tokenFiles('gina')['bearer_token']?.text).toBe(refreshed[0]?.accessToken);
  });

  proves('one user does not reach the notebook of another', async () => {
    const page = await bob().browser.open(bob().at('/user/alice.rossi/lab'));
    expect(page.status).toBe(403);
    const { status } = await bob().browser.call(bob().at('/hub/api/users/alice.rossi/server'), {
      method: 'DELETE',
    });
    expect([403, 404]).toContain(status);
    bench.figures.refused += 2;
  });

  proves('C7 requests for what is not offered start nothing', async () => {
    const carl = await bench.member('carl');
    const [first] = bench.file.profiles;
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
      bench.figures.refused += 1;
    }
  });

  const limited = bench.file.profiles.filter(({ groups }) => groups !== null);
  for (const { groups, profile } of limited) {
    proves(
      `D10 the profile ${profile.slug} is hidden from who is in none of its groups, and refused`,
      async () => {
        const outside = allowedGroups.find((group) => !(groups ?? []).includes(group)) ?? '';
        expect(outside).not.toBe('');
        const other = await bench.member('oscar', [outside]);
        expect((await other.spawnPage()).text).not.toContain(`value="${profile.slug}"`);
        await other.spawnByApi({ profile: profile.slug });
        expect(await other.settled()).toEqual({ server: null, pending: null });
        expect(() => notebookObject('oscar')).toThrow('oscar has 0');
        bench.figures.refused += 2;
        const mine = await bench.member('grace', [groups?.[0] ?? '']);
        expect((await mine.spawnPage()).text).toContain(`value="${profile.slug}"`);
        await bench.clickToCell(mine, { profile: profile.slug }, 'print(1)');
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
}
