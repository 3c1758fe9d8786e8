import type { Browser } from 'playwright-core';
import { readSite } from '../cluster/cluster';
import { stopAll } from '../cluster/processes';
import { collectLogs } from '../cluster/suite';
import { clock, note, sayFigures } from '../htcondor/figures';
import { notebookPod } from '../jupyterhub/pods';
import { attemptTable, succeeded, type Attempt } from './attempts';
import { startChromium } from './chromium';
import { harmByBrowser, leaveTraces, triesByBrowser, triesFromNotebook } from './isolation';
import { arrive, startWork, type Person } from './people';
import { startWholeFacility, type WholeFacility } from './start';
import { Walk } from './walk';

const SITE = 'two-experiments';
const say = (text: string) => process.stderr.write(`${text}\n`);

let facility: WholeFacility;
let browser: Browser;

const proves = (what: string, body: () => Promise<void> | void) => {
  test(what, async () => {
    try {
      await body();
    } catch (error) {
      say(`failed: ${what}\n${error instanceof Error ? error.message : String(error)}`);
      say(`logs and events: ${collectLogs('facility')}`);
      throw error;
    }
  });
};

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

describe('a browser', () => {
  let walk: Walk;

  proves('shows the log-in, and the form with the profiles to who has logged in', async () => {
    await facility.world.iam.enrol({ name: 'alice', groups: ['/cms/af/users'] });
    walk = await Walk.begin(browser, facility.world.hub, 'alice');
    await walk.logIn();
    await walk.picture('profiles');
    expect((await walk.sees()).path).toBe('/hub/spawn');
  });

  proves('starts the profile that is chosen, and runs a cell', async () => {
    const passed = clock();
    await walk.choose('small');
    await walk.lab();
    note('in the browser, from the click until JupyterLab is there', passed());
    expect(await walk.runCell('import socket; print(socket.gethostname(), 6 * 7)')).toMatch(
      /^jupyter-alice 42$/,
    );
    note('in the browser, from the click until the first cell has answered', passed());
    await walk.end();
  });

  proves('tells who is in no group of the facility why', async () => {
    await facility.world.iam.enrol({ name: 'eve', groups: ['/of-others'] });
    walk = await Walk.begin(browser, facility.world.hub, 'eve');
    await walk.logIn();
    await walk.picture('refused');
    expect((await walk.sees()).text).toContain('is open to members of');
    await walk.end();
  });

  proves('says what a page is that is not there', async () => {
    walk = await Walk.begin(browser, facility.world.hub, 'alice');
    await walk.logIn();
    expect(await walk.open('/hub/of-nobody')).toBe(404);
    await walk.picture('not-found');
    await walk.end();
  });
});

describe('two users of two experiments', () => {
  let alice: Person;
  let carol: Person;

  proves('log in, choose a profile and run a cell', async () => {
    alice = await arrive(facility, 'alice', 'cms');
    await alice.visitor.notebook();
    carol = await arrive(facility, 'carol', 'vo2');
    await startWork(carol, { profile: 'small', image: 'vo2-lab' });
  });

  proves('reach nothing of each other, neither by the pages nor from inside a notebook', async () => {
    for (const person of [alice, carol]) await leaveTraces(person);
    const pairs = [
      [alice, carol],
      [carol, alice],
    ] as const;
    const own: Attempt[] = [];
    const ofOthers: Attempt[] = [];
    for (const [by, on] of pairs) {
      own.push(...(await triesByBrowser(by, by)), ...(await triesFromNotebook(facility.site, by, by)));
      ofOthers.push(
        ...(await triesByBrowser(by, on)),
        ...(await triesFromNotebook(facility.site, by, on)),
        ...(await harmByBrowser(by, on)),
      );
    }
    say(
      `what users try with what is their own, and with what is of others\n${attemptTable([...own, ...ofOthers])}`,
    );
    expect(own.filter(({ refused }) => refused !== undefined)).toEqual([]);
    expect(succeeded(ofOthers)).toEqual([]);
    expect(ofOthers.length).toBeGreaterThan(25);
  });

  proves('stop their notebooks, and nothing of them is left but their homes', async () => {
    for (const { visitor } of [alice, carol]) {
      await visitor.stop();
      expect(() => notebookPod(visitor.account)).toThrow(`${visitor.account} has 0`);
    }
  });
});
