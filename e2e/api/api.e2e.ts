import { readdirSync } from 'node:fs';
import path from 'node:path';
import { GIVEN_KUBECONFIG } from '../cluster/cache';
import { stopAll } from '../cluster/processes';
import { apply, applyAgain, difference } from '../suite/apply';
import { accessPoint, growByHand, refusals, withSize } from '../suite/changes';
import { accepted, everyMinute, remove, startedJobs } from '../suite/controllers';
import { requireDefinitions } from '../suite/definitions';
import { objectsOf, SITES } from './dist';
import { plantedFaults } from './planted-faults';
import { eventually, say, type Look } from '../suite/look';
import { admission, refusedPods, rollout } from '../suite/pods';
import { givenToAll, rightsOfAccounts } from '../suite/rights';
import { secretsOfPods } from '../suite/secrets';
import { endpoints } from '../suite/services';
import { applySite, deployed, startCluster } from '../suite/site';

beforeAll(requireDefinitions);
afterAll(stopAll);

describe.each(SITES)('%s', (name) => {
  const site = deployed(name);
  const { objects, components } = site;
  let toAll: ReadonlySet<string>;

  /** Says what was looked at, and expects no objection. */
  const holds = (what: string, { looked, objections }: Look) => {
    say(`${name}: ${String(looked)} ${what}`);
    expect(objections).toEqual([]);
  };
  const comesToHold = async (what: string, seconds: number, look: () => Look) => {
    await eventually(seconds, () => look().objections);
    holds(what, look());
  };

  beforeAll(async () => {
    await startCluster(site);
    toAll = givenToAll();
  });

  test(`takes all ${String(objects.length)} objects in the order of their waves, without a warning`, async () => {
    expect(objects.length).toBeGreaterThan(50);
    expect(await applySite(site)).toEqual([]);
  });

  test('the pod of every workload is admitted to its namespace, quotas included', () => {
    const look = admission(objects);
    holds('pods admitted', look);
    expect(look.looked).toBeGreaterThan(5);
  });

  test('controllers make every pod that they want, and each is ready', async () => {
    // On a given cluster pods need images and disks that this suite is not about.
    if (GIVEN_KUBECONFIG === undefined) await comesToHold('workloads rolled out', 90, () => rollout(objects));
    expect(refusedPods()).toEqual([]);
  });

  test('a second apply changes no generation and no field of Argo CD', () => {
    const looks = components.map((component) => applyAgain(objectsOf(name, component)));
    holds('objects applied again', {
      looked: looks.reduce((sum, { looked }) => sum + looked, 0),
      objections: looks.flatMap(({ objections }) => objections),
    });
  });

  test('what the API server would store differs in nothing from what is there', () => {
    holds('objects compared', difference(objects));
  });

  test('the API server refuses the changes of which check says so, and takes the others', () => {
    const look = refusals(objects);
    holds('changes tried', look);
    expect(look.looked).toBeGreaterThan(20);
  });

  test('every Secret that a pod reads is one that check says the site needs, or a certificate', () => {
    holds('references to Secrets', secretsOfPods(objects));
  });

  test('every Service finds pods', async () => {
    await comesToHold('Services with a selector', 60, () => endpoints(objects));
  });

  test('controllers accept every disruption budget, autoscaler, Job, claim and quota', async () => {
    await comesToHold('objects of controllers', 90, () => accepted(objects));
  });

  test('the controller of every CronJob starts its Job, which ends well', async () => {
    const due = everyMinute(objects);
    expect(apply(due).objections).toEqual([]);
    await comesToHold('CronJobs', 100, () => accepted(due, ['CronJob']));
    await comesToHold('Jobs of CronJobs', 60, () => accepted(startedJobs()));
    expect(startedJobs().length).toBeGreaterThanOrEqual(due.length);
    remove(due);
  });

  test('each service account may do what the table gives a reason for, and nothing else', () => {
    const look = rightsOfAccounts(objects, toAll);
    holds('rights of service accounts', look);
    expect(look.looked).toBeGreaterThan(100);
  });

  if (name === 'single-node' && GIVEN_KUBECONFIG === undefined) plantedFaults(site, () => toAll);

  // Last, because what is there is not what dist says from then on. Volumes of a given cluster are its own business.
  if (GIVEN_KUBECONFIG === undefined && site.site.htcondor) {
    test('the volume of an access point grows as the guide says, and its pod stays', async () => {
      const set = accessPoint(objects);
      const objections = growByHand(set, '999Gi');
      expect(apply([withSize(set, '999Gi')]).objections).toEqual([]);
      expect(await eventually(60, objections)).toEqual([]);
    });
  }
});

test('every site of dist was looked at', () => {
  if (process.env['E2E_SITE'] !== undefined) return;
  expect(SITES).toEqual(
    readdirSync(path.join(__dirname, '..', '..', 'sites'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    ),
  );
});
