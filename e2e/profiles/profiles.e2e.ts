import { labelsAt, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { objectsOf, SITES } from '../api/dist';
import { readSite, up } from '../cluster/cluster';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { stopAll } from '../cluster/processes';
import { applyDist, collectLogs, waitFor } from '../cluster/suite';
import { pythonOf } from '../jupyterhub/python/environment';
import { say } from '../suite/look';
import { makeOutsideClasses } from '../suite/site';
import { choicesOf, poolsOf, promisedByPod, promisedBySite } from './promise';
import { startUserScheduler } from './user-scheduler';

const USERS = 'jupyterhub-users';

/** By which policies and the hub know a notebook; no tracker of objects knows it by any. */
const LABELS = {
  'app.kubernetes.io/name': 'jupyterhub',
  'app.kubernetes.io/managed-by': 'kubespawner',
  'app.kubernetes.io/component': 'singleuser-server',
  component: 'singleuser-server',
  'hub.jupyter.org/network-access-hub': 'true',
  'hub.jupyter.org/servername': '',
};

interface Made {
  readonly pod: Fields;
  readonly claim: Fields;
}

afterAll(stopAll);

describe.each(SITES.filter((name) => readSite(name).jupyterhub))('%s', (name) => {
  const site = readSite(name);
  const cases = choicesOf(site).map((choice, index) => ({
    ...choice,
    user: `user-${String(index + 1)}`,
    title: [
      choice.profile.slug,
      choice.image ?? 'sample notebook',
      ...(choice.experiment ? [choice.experiment.name] : []),
    ].join(', '),
  }));
  let made: readonly Made[] = [];
  const of = (user: string): Made => {
    const found = made[cases.findIndex((each) => each.user === user)];
    if (!found) throw new Error(`nothing was made for ${user}`);
    return found;
  };

  beforeAll(() => {
    const given = cases.map(({ user, groups, options }) => ({ user, groups, options }));
    made = JSON.parse(pythonOf(['print_pods.py', name], JSON.stringify(given))) as readonly Made[];
    say(`${name}: ${String(made.length)} pods of ${String(site.jupyterhub?.profiles.length)} profiles`);
  });

  test('every profile is looked at', () => {
    expect([...new Set(cases.map(({ profile }) => profile.slug))]).toEqual(
      site.jupyterhub?.profiles.map(({ slug }) => slug),
    );
    expect(made).toHaveLength(cases.length);
  });

  test.each(cases)('C1 the pod of $title is what the site file promises', (choice) => {
    const { pod, claim } = of(choice.user);
    expect(promisedByPod(pod, claim)).toEqual(promisedBySite(site, choice));
    expect(labelsAt(pod, 'metadata', 'labels')).toEqual({
      ...LABELS,
      'hub.jupyter.org/username': choice.user,
    });
  });

  describe('on simulated nodes of the site', () => {
    beforeAll(async () => {
      try {
        await up(site, say);
        await applyDist(name, ['namespaces']);
        const classes = objectsOf(name, 'storage').filter(({ kind }) => kind === 'StorageClass');
        const claims = objectsOf(name, 'jupyterhub').filter(
          ({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.namespace === USERS,
        );
        applyObjects([...classes, ...claims, ...runtimeClasses(made)]);
        makeOutsideClasses([...classes, ...claims]);
        if (site.jupyterhub?.userScheduler === true)
          await startUserScheduler(objectsOf(name, 'user-scheduler'));
        await waitFor('the namespace has its service account', 60, () =>
          mustKubectl(['get', 'serviceaccounts', `--namespace=${USERS}`, '--output=name']).includes('default')
            ? []
            : ['not yet'],
        );
        for (const { pod, claim } of made)
          for (const object of [claim, pod])
            mustKubectl(['create', `--namespace=${USERS}`, '--filename=-'], JSON.stringify(object));
      } catch (error) {
        say(`logs and events: ${collectLogs(`profiles-${name}`)}`);
        throw error;
      }
    });

    test.each(cases)('C1 the pod of $title runs on a node of its pools', async ({ user, profile }) => {
      const own = textAt(of(user).pod, 'metadata', 'name') ?? '';
      const pod = () =>
        JSON.parse(mustKubectl(['get', 'pod', own, `--namespace=${USERS}`, '--output=json'])) as unknown;
      await waitFor(`${own} runs`, 90, () => {
        const now = pod();
        if (textAt(now, 'status', 'phase') === 'Running') return [];
        return [own, ...listAt(now, 'status', 'conditions').map((condition) => String(condition['message']))];
      });
      const node = textAt(pod(), 'spec', 'nodeName') ?? '';
      expect(poolsOf(site, profile).map((pool) => pool.name)).toContain(node.replace(/-\d+$/, ''));
    });

    test('and each home is bound', async () => {
      await waitFor('claims are bound', 60, () =>
        listAt(
          JSON.parse(mustKubectl(['get', 'pvc', `--namespace=${USERS}`, '--output=json'])),
          'items',
        ).flatMap((claim) =>
          textAt(claim, 'status', 'phase') === 'Bound' ? [] : [textAt(claim, 'metadata', 'name') ?? ''],
        ),
      );
    });
  });
});

/** Those of a site's nodes, which its GPU operator makes. */
function runtimeClasses(made: readonly Made[]): object[] {
  const names = new Set(made.flatMap(({ pod }) => textAt(pod, 'spec', 'runtimeClassName') ?? []));
  return [...names].map((name) => ({
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name },
    handler: name,
  }));
}
