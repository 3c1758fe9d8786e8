import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sources from '../../imports/sources.json';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import { at, listAt, textAt } from '../../lib/kubernetes/read';
import { synth } from '../../lib/commands/synth';
import { componentsInOrder, objectsOf, SITES } from '../api/dist';
import { readSite, up } from '../cluster/cluster';
import { kubectl, mustKubectl } from '../cluster/kubectl';
import { logEnd, stopAll } from '../cluster/processes';
import { prepare, startArgocd } from './argocd';
import type { GitServer } from './git-server';
import { BARE, commit, distFile, makeRepository, putDist, revertLast, type Played } from './repository';

const CRDS = process.env['E2E_CRDS'] ?? '';
const fileOf = (name: string) =>
  path.join(CRDS, Object.keys(sources).find((file) => file.startsWith(name)) ?? name);
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Tries every second until there is nothing left to say against it. */
async function eventually(
  seconds: number,
  objections: () => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  let left: readonly string[] = [];
  for (let second = 0; second < seconds; second++) {
    left = await objections();
    if (left.length === 0) return;
    await sleep(1000);
  }
  throw new Error(
    `not within ${String(seconds)} s:\n${left.join('\n')}\n${logEnd('argocd-application-controller')}`,
  );
}

const json = (args: readonly string[]): unknown => JSON.parse(mustKubectl([...args, '--output=json']));
const applications = () => listAt(json(['get', 'applications', '--namespace=argocd']), 'items');
const nameOf = (object: unknown) => textAt(object, 'metadata', 'name') ?? '';

function notReady(expected: readonly string[]): string[] {
  const all = applications();
  const missing = expected.filter((name) => !all.some((application) => nameOf(application) === name));
  const troubled = all.flatMap((application) => {
    const [sync, health] = [
      textAt(application, 'status', 'sync', 'status'),
      textAt(application, 'status', 'health', 'status'),
    ];
    if (sync === 'Synced' && health === 'Healthy') return [];
    const conditions = listAt(application, 'status', 'conditions').map((condition) =>
      String(condition['message']),
    );
    return [`${nameOf(application)}: ${String(sync)}, ${String(health)} ${conditions.join('; ')}`];
  });
  return [...missing.map((name) => `${name} is not there`), ...troubled];
}

const CONDITION = {
  status: 'True',
  reason: 'Played',
  message: 'played by the suite',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const READY = { conditions: [{ type: 'Ready', ...CONDITION }] };

/** What controllers report that have no pod here: by kind, a list in the status that is empty before, and the status. */
const PLAYED: readonly (readonly [
  kind: string,
  list: readonly string[],
  status: (object: unknown) => object,
])[] = [
  ['clusterissuers.cert-manager.io', ['conditions'], () => READY],
  ['certificates.cert-manager.io', ['conditions'], () => READY],
  [
    'ingresses.networking.k8s.io',
    ['loadBalancer', 'ingress'],
    () => ({ loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }),
  ],
  [
    'httproutes.gateway.networking.k8s.io',
    ['parents'],
    (route) => ({
      parents: listAt(route, 'spec', 'parentRefs').map((parentRef) => ({
        parentRef,
        controllerName: 'example.org/gateway',
        conditions: ['Accepted', 'ResolvedRefs'].map((type) => ({
          type,
          ...CONDITION,
          observedGeneration: at(route, 'metadata', 'generation'),
        })),
      })),
    }),
  ],
];

/** The suite in the place of cert-manager's controller and of the entrance: what they make ready becomes ready. */
function playControllers(): void {
  for (const [kind, list, status] of PLAYED) {
    const found = kubectl(['get', kind, '--all-namespaces', '--output=json']);
    if (found.status !== 0) continue;
    for (const object of listAt(JSON.parse(found.out), 'items')) {
      if (listAt(object, 'status', ...list).length > 0) continue;
      const namespace = textAt(object, 'metadata', 'namespace');
      const where = namespace === undefined ? [] : [`--namespace=${namespace}`];
      mustKubectl([
        'patch',
        kind,
        nameOf(object),
        ...where,
        '--subresource=status',
        '--type=merge',
        '--patch',
        JSON.stringify({ status: status(object) }),
      ]);
    }
  }
}

/** An admin who does not wait for the maintenance window. */
function syncByHand(names: readonly string[]): void {
  for (const application of applications()) {
    const waits =
      textAt(application, 'status', 'sync', 'status') === 'OutOfSync' &&
      at(application, 'status', 'operationState') === undefined;
    if (!waits || !names.includes(nameOf(application))) continue;
    const sync = { syncOptions: at(application, 'spec', 'syncPolicy', 'syncOptions') };
    const operation = { operation: { initiatedBy: { username: 'admin' }, sync, retry: { limit: 5 } } };
    mustKubectl([
      'patch',
      'application',
      nameOf(application),
      '--namespace=argocd',
      '--type=merge',
      '--patch',
      JSON.stringify(operation),
    ]);
  }
}

const list = (items: readonly KubernetesObject[]) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

/** What moves when an object is written: its generation, or its version where the kind has none (ConfigMaps, roles). */
function generations(objects: readonly KubernetesObject[]): string[] {
  const answer: unknown = JSON.parse(mustKubectl(['get', '--output=json', '--filename=-'], list(objects)));
  return listAt(answer, 'items').map((object) =>
    JSON.stringify([
      object['kind'],
      nameOf(object),
      at(object, 'metadata', 'generation') ?? at(object, 'metadata', 'resourceVersion'),
      at(object, 'metadata', 'uid'),
    ]),
  );
}

/** The dist of a changed site, synthesised as an admin does it. */
function withDistOf(site: string, change: (text: string) => string, use: (dist: string) => void): void {
  const root = mkdtempSync(path.join(tmpdir(), 'changed-'));
  try {
    mkdirSync(path.join(root, 'sites', site), { recursive: true });
    const text = readFileSync(path.join(__dirname, '..', '..', 'sites', site, 'site.yaml'), 'utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(path.join(root, 'sites', site, 'site.yaml'), changed);
    const said: string[] = [];
    const quiet = {
      say: () => undefined,
      complain: (line: string) => said.push(line),
      progress: () => undefined,
    };
    expect({ code: synth(root, [site], quiet), said }).toEqual({ code: 0, said: [] });
    use(path.join(root, 'dist', site));
  } finally {
    rmSync(root, { recursive: true });
  }
}

beforeAll(() => {
  if (CRDS === '') throw new Error('E2E_CRDS must name a folder with the files of imports/sources.json');
  prepare(say);
});
afterAll(stopAll);

describe.each(SITES)('%s', (site) => {
  const model = readSite(site);
  const components = componentsInOrder(site);
  const all = components.flatMap((component) => objectsOf(site, component));
  const settled = all.filter(({ kind }) => kind !== 'Application');
  const names = all.flatMap(({ kind, metadata }) => (kind === 'Application' ? [metadata.name] : []));
  const windowed = model.site.maintenanceWindows.length > 0 ? ['cert-manager', 'longhorn'] : [];
  const played: Played = {
    site,
    revision: model.cluster.argocd.source.revision,
    url: new URL(model.cluster.argocd.source.url),
    definitions: { 'cert-manager': fileOf('cert-manager'), longhorn: fileOf('longhorn') },
  };
  let server: GitServer;

  beforeAll(async () => {
    await up(model, say);
    mustKubectl(['create', 'namespace', 'argocd']);
    mustKubectl(['apply', '--server-side', `--filename=${fileOf('argo-cd')}`]);
    mustKubectl(['wait', '--for=create', 'crd/applications.argoproj.io', '--timeout=30s']);
    mustKubectl([
      'wait',
      '--for=condition=Established',
      'crd/applications.argoproj.io',
      'crd/appprojects.argoproj.io',
      '--timeout=60s',
    ]);
    makeRepository(played);
    server = await startArgocd(BARE, played.url.hostname);
    say('substitutions: definitions come from the repository; the suite plays cert-manager');
  });
  afterAll(() => {
    server.stop();
  });

  test('one file brings up the whole site', async () => {
    mustKubectl(['apply', '--server-side', `--filename=${distFile(site, 'argocd/application.root.yaml')}`]);
    await eventually(300, () => {
      syncByHand(windowed);
      playControllers();
      return notReady(names);
    });
  });

  test('every pod runs on a node of the site', () => {
    const pods = listAt(json(['get', 'pods', '--all-namespaces']), 'items');
    expect(pods.length).toBeGreaterThan(5);
    expect(pods.filter((pod) => textAt(pod, 'status', 'phase') !== 'Running').map(nameOf)).toEqual([]);
  });

  test('nothing moves once everything is there', async () => {
    const before = generations(settled);
    expect(before).toHaveLength(settled.length);
    // Three looks at git: an absence can only be waited for.
    await sleep(35_000);
    expect(generations(settled)).toEqual(before);
  });

  test('the project default admits nothing but the root any more', async () => {
    const intruder = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'intruder', namespace: 'argocd' },
      spec: {
        project: 'default',
        source: {
          repoURL: String(played.url),
          targetRevision: played.revision,
          path: `dist/${site}/longhorn`,
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'longhorn-system' },
      },
    };
    mustKubectl(['apply', '--filename=-'], JSON.stringify(intruder));
    await eventually(60, () => {
      const conditions = listAt(
        json(['get', 'application', 'intruder', '--namespace=argocd']),
        'status',
        'conditions',
      );
      return conditions.some((condition) =>
        String(condition['message']).includes('do not match any of the allowed destinations'),
      )
        ? []
        : [JSON.stringify(conditions)];
    });
    mustKubectl(['delete', 'application', 'intruder', '--namespace=argocd']);
  });

  if (windowed.length > 0) return;

  test('what is deleted or changed by hand comes back', async () => {
    mustKubectl(['delete', 'deployment', 'cert-manager', '--namespace=cert-manager']);
    const data = JSON.stringify({ data: { 'default-setting.yaml': 'deleting-confirmation-flag: "true"' } });
    mustKubectl([
      'patch',
      'configmap',
      'longhorn-default-setting',
      '--namespace=longhorn-system',
      '--type=merge',
      '--patch',
      data,
    ]);
    await eventually(90, () => {
      const map = json(['get', 'configmap', 'longhorn-default-setting', '--namespace=longhorn-system']);
      const healed = (textAt(map, 'data', 'default-setting.yaml') ?? '').includes(
        'deleting-confirmation-flag: "false"',
      );
      return [
        ...(healed ? [] : ['the setting is still changed']),
        ...(kubectl(['get', 'deployment', 'cert-manager', '--namespace=cert-manager']).status === 0
          ? []
          : ['the Deployment is still gone']),
        ...notReady(names),
      ];
    });
  });

  test('a change of site.yaml changes the objects it is about and no other', async () => {
    const before = generations(settled);
    withDistOf(
      site,
      (text) =>
        text.replace(/^certificates:\n/m, 'certificates:\n  certManager: { webhook: { replicas: 2 } }\n'),
      (dist) => {
        putDist(played, dist);
      },
    );
    commit('two webhooks');
    await eventually(90, () => {
      const found = kubectl([
        'get',
        'poddisruptionbudget',
        'cert-manager-webhook',
        '--namespace=cert-manager',
      ]);
      return found.status === 0 ? notReady(names) : ['the disruption budget is not there'];
    });
    const after = generations(settled);
    const changed = settled.filter((_, index) => after[index] !== before[index]).map(title);
    expect(changed).toEqual(['Deployment cert-manager/cert-manager-webhook']);
  });

  test('a revert takes the change back', async () => {
    revertLast();
    await eventually(90, () => {
      const found = kubectl([
        'get',
        'poddisruptionbudget',
        'cert-manager-webhook',
        '--namespace=cert-manager',
      ]);
      return found.status === 0 ? ['the disruption budget is still there'] : notReady(names);
    });
  });

  test('a commit that is broken leaves everything as it runs, and says so', async () => {
    const before = generations(settled);
    writeFileSync(
      distFile(site, 'longhorn/broken.yaml'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [broken\n',
    );
    commit('broken');
    await eventually(90, () => {
      const conditions = listAt(
        json(['get', 'application', 'longhorn', '--namespace=argocd']),
        'status',
        'conditions',
      );
      return conditions.some((condition) => condition['type'] === 'ComparisonError')
        ? []
        : ['no error in the Application yet'];
    });
    expect(generations(settled)).toEqual(before);
    revertLast();
    await eventually(90, () => notReady(names));
  });

  test('a component without data is deleted when it leaves, one with data stays', async () => {
    withDistOf(
      site,
      (text) => text.replace(/^certificates:\n(?:[ #].*\n|\n(?=[ #]))*/m, ''),
      (dist) => {
        putDist(played, dist);
      },
    );
    commit('without certificates');
    await eventually(120, () => {
      const left = applications()
        .map(nameOf)
        .filter((name) => ['cert-manager', 'certificates'].includes(name));
      const deployments = mustKubectl([
        'get',
        'deployments',
        '--namespace=cert-manager',
        '--output=name',
      ]).trim();
      return [
        ...left.map((name) => `Application ${name} is still there`),
        ...(deployments === '' ? [] : [deployments]),
      ];
    });
    const kept = [
      'namespace/cert-manager',
      'certificates.cert-manager.io',
      'clusterissuers.cert-manager.io',
      'deployment/longhorn-ui',
      'storageclasses',
    ];
    for (const each of kept) {
      expect(
        mustKubectl([
          'get',
          each,
          ...(each.startsWith('dep')
            ? ['--namespace=longhorn-system']
            : each.startsWith('cert')
              ? ['--namespace=cert-manager']
              : []),
          '--output=name',
        ]),
      ).not.toBe('');
    }
  });
});
