import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import sources from '../../imports/sources.json';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import { at, listAt, textAt } from '../../lib/kubernetes/read';
import { readSite, up } from '../cluster/cluster';
import { kubectl, mustKubectl } from '../cluster/kubectl';
import { stopAll } from '../cluster/processes';
import { componentsInOrder, objectsOf, SITES } from './dist';

/** Upstream's definitions: files of a folder beside the repository. */
const CRDS = process.env['E2E_CRDS'] ?? '';
const DEFINITIONS = Object.keys(sources);

/** As Argo CD applies: its field manager, server-side, and unknown fields are errors. */
const APPLY = [
  'apply',
  '--server-side',
  '--force-conflicts',
  '--field-manager=argocd-controller',
  '--validate=strict',
  '--filename=-',
];

/** Warnings that are known, each with its reason. */
const KNOWN_WARNINGS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/prefer a domain-qualified finalizer name/, "the finalizer's name is Argo CD's own"],
];

const list = (items: readonly KubernetesObject[]) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

function apply(objects: readonly KubernetesObject[]): string[] {
  const { status, err } = kubectl(APPLY, list(objects));
  if (status !== 0) throw new Error(err);
  return err
    .split('\n')
    .filter((line) => line.startsWith('Warning:') && !KNOWN_WARNINGS.some(([pattern]) => pattern.test(line)));
}

/** What Argo CD would look at: the generation, and the fields that are its own. Status may move. */
function ownedState(objects: readonly KubernetesObject[]): string[] {
  const answer: unknown = JSON.parse(
    mustKubectl(['get', '--show-managed-fields', '--output=json', '--filename=-'], list(objects)),
  );
  return listAt(answer, 'items').map((object) => {
    const owned = listAt(object, 'metadata', 'managedFields').filter(
      (entry) => entry['manager'] === 'argocd-controller',
    );
    const name = `${String(object['kind'])} ${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`;
    return `${name} ${JSON.stringify([at(object, 'metadata', 'generation'), owned.map(({ time: _, ...rest }) => rest)])}`;
  });
}

beforeAll(() => {
  const missing = DEFINITIONS.filter((file) => !existsSync(path.join(CRDS, file)));
  if (CRDS === '' || missing.length > 0)
    throw new Error(`E2E_CRDS must name a folder with ${DEFINITIONS.join(', ')}`);
});

afterAll(stopAll);

describe.each(SITES)('%s', (site) => {
  const components = componentsInOrder(site);
  const all = components.flatMap((component) => objectsOf(site, component));
  const workloads = all.filter(({ kind }) => ['Deployment', 'DaemonSet', 'StatefulSet'].includes(kind));

  beforeAll(async () => {
    await up(readSite(site), (text) => process.stderr.write(`${text}\n`));
    for (const file of DEFINITIONS)
      mustKubectl(['apply', '--server-side', `--filename=${path.join(CRDS, file)}`]);
    mustKubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    // The bootstrap of Argo CD makes its namespace; everything else is in dist.
    mustKubectl(['create', 'namespace', 'argocd']);
  });

  test(`takes all ${String(all.length)} objects in the order of their waves, without a warning`, () => {
    const warnings = components.flatMap((component) => apply(objectsOf(site, component)));
    expect(warnings).toEqual([]);
    expect(all.length).toBeGreaterThan(50);
  });

  test('a second apply changes no generation and no field of Argo CD', () => {
    const before = ownedState(all);
    expect(before).toHaveLength(all.length);
    for (const component of components) apply(objectsOf(site, component));
    expect(ownedState(all)).toEqual(before);
  });

  test('what the API server would store differs in nothing from what is there', () => {
    const { status, out, err } = kubectl(
      ['diff', '--server-side', '--force-conflicts', '--field-manager=argocd-controller', '--filename=-'],
      list(all),
    );
    expect({ status, out, err: err.replace(/^Warning:.*\n/gm, '') }).toEqual({ status: 0, out: '', err: '' });
  });

  test.each(workloads.map((workload) => [title(workload), workload] as const))(
    'pods of %s are admitted at the level of their namespace, scheduled and ready',
    (_, { kind, metadata }) => {
      mustKubectl([
        'rollout',
        'status',
        `${kind.toLowerCase()}/${metadata.name}`,
        `--namespace=${metadata.namespace ?? ''}`,
        '--timeout=90s',
      ]);
    },
  );

  test('every disruption budget is seen by its controller and counts its pods', () => {
    for (const { kind, metadata } of all) {
      if (kind !== 'PodDisruptionBudget') continue;
      mustKubectl([
        'wait',
        `poddisruptionbudget/${metadata.name}`,
        `--namespace=${metadata.namespace ?? ''}`,
        '--for=condition=DisruptionAllowed',
        '--timeout=60s',
      ]);
    }
  });

  test('a pod that a namespace does not admit is refused', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'root', namespace: 'cert-manager' },
      spec: {
        containers: [
          { name: 'root', image: 'example.org/root:1.0.0', securityContext: { privileged: true } },
        ],
      },
    };
    const { status, err } = kubectl(['create', '--filename=-'], JSON.stringify(pod));
    expect({ status, err }).toEqual({
      status: 1,
      err: expect.stringContaining('violates PodSecurity "restricted:v') as unknown,
    });
  });
});

test('every site of dist was looked at', () => {
  expect(SITES).toEqual(
    readdirSync(path.join(__dirname, '..', '..', 'sites'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    ),
  );
});
