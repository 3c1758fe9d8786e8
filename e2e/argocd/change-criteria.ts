import { writeFileSync } from 'node:fs';
import { title } from '../../lib/kubernetes/object';
import { at, textAt } from '../../lib/kubernetes/read';
import { kubectl, mustKubectl } from '../cluster/kubectl';
import { say } from '../suite/look';
import { accessPoint, growByHand } from '../suite/changes';
import { read } from '../suite/objects';
import {
  conditionsOf,
  confirmDeletion,
  controllersFor,
  moved,
  NAMESPACE,
  notReady,
  refresh,
  saidOf,
  states,
} from './applications';
import { comesTrue, type ArgocdBench } from './bench';
import { commit, distFile, revertLast } from './repository';

const WEBHOOK = ['deployment', 'cert-manager-webhook', '--namespace=cert-manager'];
const SETTINGS = ['configmap', 'longhorn-default-setting', '--namespace=longhorn-system'];

/** Every day, all day: a window that is always open. */
const ALWAYS = [
  ['00:00', '12:00'],
  ['12:00', '00:00'],
].map(([from, to]) => ({ days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], from, to }));

/** What is changed by hand comes back; a commit changes what it is about, also one that is reverted or broken. */
export function changeCriteria(bench: ArgocdBench): void {
  const { names, settled } = bench;

  if (bench.windowed.length > 0) {
    test('windows that open change the project and nothing else', async () => {
      say(
        `${bench.name}: from here on its maintenance windows are always open, by a commit to its site file`,
      );
      const before = states(settled);
      bench.change(['site', 'maintenanceWindows'], ALWAYS, 'windows that are always open');
      const project = ['appproject', 'platform', `--namespace=${NAMESPACE}`];
      await comesTrue(60, () => {
        const open = JSON.stringify(at(read(project), 'spec', 'syncWindows') ?? []).includes('0 12 * * ');
        return open ? notReady(names) : ['the windows are as before'];
      });
      expect(moved(before, states(settled))).toEqual([`AppProject ${NAMESPACE}/platform`]);
    });
  }

  test('what is deleted or changed by hand comes back', async () => {
    mustKubectl(['delete', ...WEBHOOK]);
    const data = JSON.stringify({ data: { 'default-setting.yaml': 'deleting-confirmation-flag: "true"' } });
    mustKubectl(['patch', ...SETTINGS, '--type=merge', '--patch', data]);
    await comesTrue(90, () => {
      const settings = textAt(read(SETTINGS), 'data', 'default-setting.yaml') ?? '';
      const repaired = settings.includes('deleting-confirmation-flag: "false"');
      return [
        ...(repaired ? [] : ['the setting is still changed']),
        ...(kubectl(['get', ...WEBHOOK]).status === 0 ? [] : ['the Deployment is still gone']),
        ...notReady(names),
      ];
    });
  });

  const [{ spool } = {}] = bench.site.htcondor?.accessPoints ?? [];
  if (spool)
    test('a change that the API server refuses says so, and is there when an admin has done what the guide says', async () => {
      const set = accessPoint(settled);
      const size = `${String(spool.size.bytes / 1024 ** 3 + 1)}Gi`;
      const before = states(settled);
      bench.change(['htcondor', 'accessPoints', 0, 'spool', 'size'], size, 'a larger spool');
      await comesTrue(120, () => {
        refresh('htcondor');
        const said = saidOf('htcondor');
        return said.includes('updates to statefulset spec') ? [] : [`no refusal yet: ${said}`];
      });
      expect(moved(before, states(settled))).toEqual([]);
      const objections = growByHand(set, size);
      await comesTrue(300, () => [...objections(), ...notReady(names)]);
      expect(moved(before, states(settled))).toEqual([title(set)]);
    });

  if (bench.name === 'single-node')
    test('an access point that leaves waits for an admin, and its spool stays', async () => {
      const play = controllersFor(settled);
      const pool = bench.site.htcondor?.accessPoints[0]?.pool;
      const another = { name: 'e2e', pool, spool: { class: spool?.class, size: '1Gi' } };
      const set = ['statefulset', 'access-point-e2e', '--namespace=htcondor'];
      const isThere = () => kubectl(['get', ...set]).status === 0;
      const before = states(settled);
      bench.change(['htcondor', 'accessPoints', 1], another, 'another access point');
      await comesTrue(90, () => {
        play();
        return isThere() ? notReady(names) : ['it is not there yet'];
      });
      bench.change(['htcondor', 'accessPoints', 1], undefined, 'without it');
      await comesTrue(60, () => {
        const said = saidOf('htcondor');
        return said.includes('waiting for pruning confirmation') ? [] : [`it does not wait: ${said}`];
      });
      expect(isThere()).toBe(true);
      confirmDeletion('htcondor');
      await comesTrue(90, () => (isThere() ? ['it is still there'] : notReady(names)));
      const claim = ['persistentvolumeclaim', 'spool-access-point-e2e-0', '--namespace=htcondor'];
      expect(textAt(read(claim), 'status', 'phase')).toBe('Bound');
      mustKubectl(['delete', ...claim]);
      expect(moved(before, states(settled))).toEqual([]);
    });

  const replicas = () => Number(at(read(WEBHOOK), 'spec', 'replicas'));
  const committed = Number(
    at(
      settled.find((object) => title(object) === 'Deployment cert-manager/cert-manager-webhook'),
      'spec',
      'replicas',
    ),
  );
  const wanted = committed === 2 ? 3 : 2;

  test('a change of site.yaml changes the objects it is about and no other', async () => {
    const before = states(settled);
    bench.change(
      ['certificates', 'certManager', 'webhook', 'replicas'],
      wanted,
      'another number of webhooks',
    );
    await comesTrue(90, () => (replicas() === wanted ? notReady(names) : ['the Deployment is as before']));
    expect(moved(before, states(settled))).toEqual(['Deployment cert-manager/cert-manager-webhook']);
    // A budget comes with the second replica, and is there already where the site has more.
    const budget = kubectl([
      'get',
      'poddisruptionbudget',
      'cert-manager-webhook',
      '--namespace=cert-manager',
    ]);
    expect(budget.status).toBe(0);
  });

  test('a revert takes the change back', async () => {
    const before = states(settled);
    revertLast();
    await comesTrue(90, () =>
      replicas() === committed ? notReady(names) : ['the Deployment is as changed'],
    );
    expect(moved(before, states(settled))).toEqual(['Deployment cert-manager/cert-manager-webhook']);
  });

  test('a commit that is broken leaves everything as it runs, and says so', async () => {
    const before = states(settled);
    writeFileSync(
      distFile(bench.name, 'longhorn/broken.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [broken\n',
    );
    commit('broken');
    await comesTrue(90, () =>
      conditionsOf('longhorn').some((condition) => condition['type'] === 'ComparisonError')
        ? []
        : ['no error in the Application yet'],
    );
    expect(moved(before, states(settled))).toEqual([]);
    revertLast();
    await comesTrue(90, () => notReady(names));
    expect(moved(before, states(settled))).toEqual([]);
  });
}
