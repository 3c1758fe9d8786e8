import type { Browser } from 'playwright-core';
import { readSite } from '../cluster/cluster';
import { stopAll } from '../cluster/processes';
import { collectLogs, provesWith } from '../cluster/suite';
import { clock, note, sayFigures } from '../htcondor/figures';
import { fetchOutput, isCompleted, secondsBetween, submit, waitForJobs } from '../htcondor/jobs';
import { sayWhere } from '../htcondor/proves';
import { notebookPod } from '../jupyterhub/pods';
import { nothingLeft } from '../spark/executors';
import { say } from '../suite/look';
import { attemptTable, succeeded, type Attempt } from './attempts';
import { runExample } from './cells';
import { startChromium } from './chromium';
import { guideWorks } from './guide';
import { harmByBrowser, leaveTraces, triesByBrowser, triesFromNotebook } from './isolation';
import { jobFromNotebook, openJobs, triesOnJobs, type NotebookJob } from './jobs';
import { arrive, profileForm, startWork, type Person } from './people';
import { intrude, openScheduler, sessionOf, workersOf } from './scale';
import { shellInside, shellOutside } from './shells';
import { startWholeFacility, type WholeFacility } from './start';
import { Walk } from './walk';

const SITE = 'two-experiments';

let facility: WholeFacility;
let browser: Browser;
const proves = provesWith(() => {
  sayWhere(SITE);
});

beforeAll(async () => {
  try {
    facility = await startWholeFacility(readSite(SITE), say);
    browser = await startChromium(facility.world);
  } catch (error) {
    say(`logs and events: ${collectLogs('facility')}\n${String(error)}`);
    throw error;
  }
});
afterAll(async () => {
  sayFigures(`figures of ${SITE}`);
  say(`pictures: ${Walk.pictures()}`);
  await browser.close();
  facility.world.stop();
  await stopAll();
});

describe('in a browser', () => {
  let walk: Walk;
  afterEach(async () => {
    await walk.picture('last');
  });

  proves('a member logs in and sees the form with the profiles', async () => {
    await facility.world.iam.enrol({ name: 'alice', groups: ['/cms/af/users'] });
    walk = await Walk.begin(browser, facility.world.hub, 'alice');
    await walk.logIn();
    expect((await walk.sees()).path).toBe('/hub/spawn');
  });

  proves('the profile that is chosen starts, and a cell runs', async () => {
    const passed = clock();
    await walk.choose('small', { image: 'cms-lab', spark: 'cms' });
    await walk.lab();
    note('in the browser: from the click until JupyterLab is there', passed());
    expect(await walk.runCell('import socket; print(socket.gethostname(), 6 * 7)')).toBe('jupyter-alice 42');
    note('in the browser: from the click until the first cell has answered', passed());
  });

  proves('a page that is not there says so', async () => {
    expect(await walk.open('/hub/of-nobody')).toBe(404);
    expect((await walk.sees()).text).toContain('404');
  });

  proves('who is in no group of the facility reads why', async () => {
    await facility.world.iam.enrol({ name: 'eve', groups: ['/of-others'] });
    walk = await Walk.begin(browser, facility.world.hub, 'eve');
    await walk.logIn();
    expect((await walk.sees()).text).toContain('is open to members of');
  });
});

let alice: Person;
let carol: Person;

describe('two users of two experiments', () => {
  proves('log in, choose a profile and run a cell', async () => {
    alice = await arrive(facility, 'alice', ['cms']);
    await alice.visitor.notebook();
    carol = await arrive(facility, 'carol', ['vo2']);
    await startWork(carol, profileForm('small', { image: 'vo2-lab', spark: 'vo2' }));
  });

  proves('submit batch jobs, which run under their names, and fetch what they have written', async () => {
    for (const person of [alice, carol]) {
      const job = await jobFromNotebook(person, 'echo "$(id -un) on $(hostname)"');
      expect(job).toMatchObject({ JobStatus: 4, ExitCode: 0 });
      expect(job.Owner).toMatch(new RegExp(`^${person.experiment}_[0-9a-f-]{36}$`));
      expect(job.output).toMatch(/^slot1_\d+ on execute-cpu-/);
      note(`${person.visitor.name}: from the submission in a notebook until the job starts`, waited(job));
    }
  });

  proves('run the examples that are in every notebook', async () => {
    expect((await runExample(alice, '/etc/af/jobs.ipynb')).at(-1)).toMatch(
      /^2 squared is 4, said execute-cpu-/m,
    );
    expect(await runExample(alice, '/etc/af/dask.ipynb')).toContain('332833500');
  });

  proves('compute on workers of Dask, which are jobs', async () => {
    const { seconds, ...answer } = await workersOf(carol, 2);
    expect(answer).toMatchObject({ sum: 332_833_500, notebook: 'jupyter-carol' });
    for (const host of answer.hosts) expect(host).toMatch(/^execute-cpu-/);
    note('two workers of Dask: from the call until they are there', seconds);
  });

  proves('let no job of another into a scheduler of Dask, though it reaches the port', async () => {
    const { output } = await intrude(carol, await openScheduler(alice));
    expect(output).toMatch(/^the port is open\nrefused tcp \w+\nrefused tls \w+\n$/);
  });

  proves('compute on executors of Spark, which are pods of their experiment and go', async () => {
    for (const person of [alice, carol]) {
      const { seconds, ...answer } = await sessionOf(person, 2);
      expect(answer).toMatchObject({ sum: 332_833_500, notebook: `jupyter-${person.visitor.name}` });
      expect(answer.hosts).toHaveLength(2);
      expect(answer.hosts).not.toContain(answer.notebook);
      note(`${person.visitor.name}: two executors of Spark: from the call until they are there`, seconds);
      await nothingLeft(person.experiment, 120);
    }
  });

  proves('reach neither pages, notebooks, files, tokens, pods nor jobs of each other', async () => {
    for (const person of [alice, carol]) await leaveTraces(person);
    const own: Attempt[] = [];
    const ofOthers: Attempt[] = [];
    for (const [by, on] of [
      [alice, carol],
      [carol, alice],
    ] as const) {
      const jobs = await openJobs(on);
      own.push(...(await triesByBrowser(by, by)), ...(await triesFromNotebook(facility.site, by, by)));
      ofOthers.push(
        ...(await triesByBrowser(by, on)),
        ...(await triesFromNotebook(facility.site, by, on)),
        ...(await triesOnJobs(by, on, jobs)),
        ...(await harmByBrowser(by, on)),
      );
      own.push(...(await triesOnJobs(on, on, jobs)));
    }
    say(`what users try with their own, and with what is of others\n${attemptTable([...own, ...ofOthers])}`);
    expect(own.filter(({ refused }) => refused !== undefined)).toEqual([]);
    expect(succeeded(ofOthers)).toEqual([]);
    expect(ofOthers.length).toBeGreaterThan(40);
  });

  proves('stop their notebooks, and nothing of them is left but their homes', async () => {
    for (const { visitor } of [alice, carol]) {
      await visitor.stop();
      expect(() => notebookPod(visitor.account)).toThrow(`${visitor.account} has 0`);
    }
  });

  proves('send another job from outside, with the client kit and a SciToken', async () => {
    const { client, issuers } = facility;
    for (const { visitor, experiment } of [alice, carol]) {
      const user = { name: visitor.name, token: issuers.of[experiment]?.token(visitor.name) ?? '' };
      const passed = clock();
      const jobs = submit(client, user, { script: 'hostname' });
      const [job] = await waitForJobs(client, jobs, 120, 'completed', isCompleted);
      expect(job).toMatchObject({ Owner: `${experiment}_${visitor.name}`, ExitCode: 0 });
      expect(fetchOutput(client, jobs, 'out.0')).toMatch(/^execute-/);
      note(`${visitor.name}: outside, from the submission until the output is there`, passed());
      note(
        `${visitor.name}: outside, until the job starts`,
        secondsBetween(job ?? {}, 'QDate', 'JobCurrentStartDate'),
      );
    }
  });
});

const waited = ({ QDate, JobCurrentStartDate = NaN }: NotebookJob) => JobCurrentStartDate - QDate;

describe('the user guide', () => {
  let dora: Person;

  proves('is read by a member of both experiments', async () => {
    dora = await arrive(facility, 'dora', ['cms', 'vo2']);
    await startWork(dora, profileForm('small', { image: 'cms-lab', spark: 'cms' }));
  });

  guideWorks(proves, () => {
    const user = { name: 'dora', token: facility.issuers.of['cms']?.token('dora') ?? '' };
    return {
      notebook: dora,
      shells: { inside: shellInside(dora), outside: shellOutside(facility.client, user) },
    };
  });
});
