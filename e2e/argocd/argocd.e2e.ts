import { writeFileSync } from 'node:fs';
import { CONFIRMED, PROTECTED } from '../../lib/kubernetes/protection';
import { title, type KubernetesObject } from '../../lib/kubernetes/object';
import { at, labelsAt, textAt } from '../../lib/kubernetes/read';
import { readPrograms } from '../../lib/commands/read-programs';
import { synthesise } from '../../lib/synthesise';
import { up } from '../cluster/cluster';
import { kubectl, mustKubectl } from '../cluster/kubectl';
import { logEnd, stopAll } from '../cluster/processes';
import { remove } from '../suite/controllers';
import { define, definitionsFor, definitionsOf, requireDefinitions } from '../suite/definitions';
import { objectsOf, SITES } from '../api/dist';
import { eventually, say } from '../suite/look';
import { list, read, readAll } from '../suite/objects';
import { asksForGpus, pending, placement } from '../suite/placement';
import { workloads } from '../suite/pods';
import { makeSecrets } from '../suite/secrets';
import { deployed } from '../suite/site';
import {
  applications,
  conditionsOf,
  lastLooks,
  moved,
  NAMESPACE,
  notReady,
  operations,
  playControllers,
  states,
  syncByHand,
} from './applications';
import { prepare, startArgocd } from './argocd';
import type { GitServer } from './git-server';
import { gpuWorkloads } from './gpu-workloads';
import {
  BARE,
  commit,
  distFile,
  makeRepository,
  putDist,
  removeComponent,
  revertLast,
  type Played,
} from './repository';
import { SiteFile } from './site-file';

beforeAll(() => {
  requireDefinitions();
  prepare(say);
});
afterAll(stopAll);

const WEBHOOK = ['deployment', 'cert-manager-webhook', '--namespace=cert-manager'];
const SETTINGS = ['configmap', 'longhorn-default-setting', '--namespace=longhorn-system'];

/** Every day, all day: a window that is always open. */
const ALWAYS = [
  ['00:00', '12:00'],
  ['12:00', '00:00'],
].map(([from, to]) => ({ days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], from, to }));

describe.each(SITES)('%s', (name) => {
  const { site, objects } = deployed(name);
  const settled = objects.filter(({ kind }) => kind !== 'Application');
  const ofApplications = objects.filter(({ kind }) => kind === 'Application');
  const names = ofApplications.map(({ metadata }) => metadata.name);
  const definitions = names.flatMap((application) => /^crds-(.+)$/.exec(application)?.[1] ?? []);
  const windows = site.site.maintenanceWindows.length > 0;
  const windowed = windows ? ['cert-manager', 'longhorn'] : [];
  const needed = synthesise(site, readPrograms()).neededSecrets;
  const file = new SiteFile(name);
  const played: Played = {
    site: name,
    revision: site.cluster.argocd.source.revision,
    url: new URL(site.cluster.argocd.source.url),
    definitions: Object.fromEntries(definitions.map((project) => [project, definitionsOf(project)])),
  };
  let server: GitServer;

  /** Waits until there is nothing left to say, and otherwise shows what Argo CD says as well. */
  const comesTrue = async (seconds: number, objections: () => readonly string[]) => {
    const left = await eventually(seconds, objections);
    if (left.length > 0)
      throw new Error(
        `not within ${String(seconds)} s:\n${left.join('\n')}\n${logEnd('argocd-application-controller')}`,
      );
  };

  /** Waits until every Application was compared again, three times: only so an absence can be seen. */
  const threeLooks = async () => {
    const seen = new Map<string, Set<string>>();
    await comesTrue(120, () => {
      for (const [application, time] of lastLooks())
        seen.set(application, (seen.get(application) ?? new Set()).add(time));
      return [...seen]
        .filter(([, times]) => times.size < 4)
        .map(([application]) => `${application} was not looked at`);
    });
  };

  beforeAll(async () => {
    await up(site, say);
    kubectl(['create', 'namespace', NAMESPACE]);
    const brought = new Set(Object.values(played.definitions));
    await define(definitionsFor(objects).filter((each) => !brought.has(each)));
    makeRepository(played);
    server = await startArgocd(BARE, played.url.hostname);
    say(
      `${name}: substitutions: definitions of ${definitions.join(', ')} come from the repository and not from upstream; the suite plays cert-manager's controllers`,
    );
  });
  afterAll(() => {
    server.stop();
  });

  test('one file brings up the whole site', async () => {
    mustKubectl(['apply', '--server-side', `--filename=${distFile(name, 'argocd/application.root.yaml')}`]);
    await comesTrue(600, () => {
      syncByHand(windowed);
      playControllers();
      makeSecrets(needed);
      return notReady(names);
    });
    say(
      `${name}: ${String(names.length)} Applications are Synced and Healthy, with ${String(settled.length)} objects and ${String(needed.length)} Secrets that the site needs${windows ? '; outside of its windows an admin has synced by hand' : ''}`,
    );
  });

  test('every pod runs on a node of the pool that its workload declares', () => {
    const pods = readAll('pods', '--all-namespaces');
    const { looked, objections } = placement(objects, pods, readAll('nodes'));
    say(`${name}: ${String(looked)} pods are placed as declared, of ${String(pods.length)}`);
    expect([...pending(pods), ...objections]).toEqual([]);
    expect(looked).toBeGreaterThan(5);
  });

  test('what asks for GPUs runs where there are some, and nothing else does', async () => {
    const nodes = readAll('nodes');
    const own = gpuWorkloads(nodes);
    const ofDist = workloads(objects).filter(({ template }) => asksForGpus(template));
    say(
      `${name}: ${String(ofDist.length)} workloads of dist ask for GPUs; the suite adds ${String(own.length)} objects of its own in e2e-gpu`,
    );
    // A site without GPUs has nothing to keep apart, and nothing that asks.
    if (own.length === 0) {
      expect(ofDist).toEqual([]);
      return;
    }
    mustKubectl(['apply', '--server-side', '--filename=-'], list(own));
    await comesTrue(60, () => pending(readAll('pods', '--all-namespaces')));
    const { looked, objections } = placement(
      [...objects, ...own],
      readAll('pods', '--all-namespaces'),
      nodes,
    );
    expect(objections).toEqual([]);
    expect(looked).toBeGreaterThan(nodes.length);
    remove(own);
  });

  test('nothing moves while git stays as it is', async () => {
    const [before, started] = [states(settled), operations()];
    expect(before.size).toBe(settled.length);
    await threeLooks();
    expect(moved(before, states(settled))).toEqual([]);
    expect(operations()).toEqual(started);
  });

  test('the project default admits nothing but the root any more', async () => {
    const intruder = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'intruder', namespace: NAMESPACE },
      spec: {
        project: 'default',
        source: {
          repoURL: String(played.url),
          targetRevision: played.revision,
          path: `dist/${name}/longhorn`,
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'longhorn-system' },
      },
    };
    mustKubectl(['apply', '--filename=-'], JSON.stringify(intruder));
    await comesTrue(60, () => {
      const said = conditionsOf('intruder').map((condition) => String(condition['message']));
      return said.some((text) => text.includes('do not match any of the allowed destinations'))
        ? []
        : said.concat('no refusal');
    });
    mustKubectl(['delete', 'application', 'intruder', `--namespace=${NAMESPACE}`]);
  });

  if (windows) {
    test('windows that open change the project and nothing else', async () => {
      say(`${name}: from here on its maintenance windows are always open, by a commit to its site file`);
      const before = states(settled);
      file.set(['site', 'maintenanceWindows'], ALWAYS);
      file.withDist((dist) => {
        putDist(played, dist);
      });
      commit('windows that are always open');
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

  const replicas = () => Number(at(read(WEBHOOK), 'spec', 'replicas'));
  const committed = Number(
    at(
      objects.find((object) => title(object) === 'Deployment cert-manager/cert-manager-webhook'),
      'spec',
      'replicas',
    ),
  );
  const wanted = committed === 2 ? 3 : 2;

  test('a change of site.yaml changes the objects it is about and no other', async () => {
    const before = states(settled);
    file.set(['certificates', 'certManager', 'webhook', 'replicas'], wanted);
    file.withDist((dist) => {
      putDist(played, dist);
    });
    commit('another number of webhooks');
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
      distFile(name, 'longhorn/broken.yaml'),
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

  test('what holds no data is deleted with its component; data, namespaces and definitions stay', async () => {
    const volume = protectedVolume(site.storage?.longhorn.classes[0]?.name ?? '');
    writeFileSync(distFile(name, 'cert-manager/e2e-volume.yaml'), JSON.stringify(volume));
    commit("a volume of the suite's own in a component that can go");
    await comesTrue(90, () => (states([volume]).size === 1 ? notReady(names) : ['the volume is not there']));

    const kept = ['root', 'namespaces', ...definitions.map((project) => `crds-${project}`)];
    const leaving = ofApplications.filter(({ metadata }) => !kept.includes(metadata.name));
    const goes = new Set(
      leaving
        .filter(holdsNoData)
        .flatMap(({ metadata }) => objectsOf(name, metadata.name))
        .filter((object) => !isProtected(object))
        .map(title),
    );
    const before = states([...settled, volume]);
    for (const { metadata } of leaving) removeComponent(name, metadata.name);
    commit('only namespaces and definitions');
    const left = () => applications().map((application) => textAt(application, 'metadata', 'name') ?? '');
    await comesTrue(180, () => [
      ...left().flatMap((application) =>
        kept.includes(application) ? [] : [`Application ${application} is still there`],
      ),
      ...notReady(kept),
    ]);
    await comesTrue(60, () => [...states([...settled, volume]).keys()].filter((each) => goes.has(each)));
    const after = states([...settled, volume]);
    const gone = [...before.keys()].filter((each) => !after.has(each)).sort();
    say(`${name}: ${String(gone.length)} objects went, ${String(after.size)} stayed`);
    expect(gone).toEqual([...goes].sort());
    expect(gone).toContain('Deployment cert-manager/cert-manager');
    expect([...after.keys()]).toEqual(
      expect.arrayContaining([
        title(volume),
        'Namespace cert-manager',
        'Namespace longhorn-system',
        'Deployment longhorn-system/longhorn-ui',
        'DaemonSet longhorn-system/longhorn-manager',
      ]),
    );
    const kinds = readAll('customresourcedefinitions').map((each) => textAt(each, 'metadata', 'name') ?? '');
    expect(kinds).toEqual(expect.arrayContaining(['certificates.cert-manager.io', 'volumes.longhorn.io']));
  });
});

/** Argo CD deletes what an Application has made only where that has its finalizer. */
function holdsNoData(application: KubernetesObject): boolean {
  return Array.isArray(at(application, 'metadata', 'finalizers'));
}

function isProtected(object: KubernetesObject): boolean {
  const options = labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-options'];
  return [PROTECTED, CONFIRMED].some((each) => each['argocd.argoproj.io/sync-options'] === options);
}

/** A volume as components with data have them. */
function protectedVolume(storageClassName: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'e2e-volume', namespace: 'cert-manager', annotations: PROTECTED },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
  };
}
