import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import { at, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { documents, kubectl, mustKubectl } from '../cluster/kubectl';
import { FIELD_MANAGER } from '../suite/apply';
import { found, nameOf, namespaceOf, readAll } from '../suite/objects';

export const NAMESPACE = 'argocd';

export const applications = () => readAll('applications', `--namespace=${NAMESPACE}`);

export function conditionsOf(application: string): readonly Fields[] {
  const found = applications().find((each) => nameOf(each) === application);
  return listAt(found, 'status', 'conditions');
}

/** All that an Application says of itself: its conditions, and what became of its last operation. */
export function saidOf(application: string): string {
  const found = applications().find((each) => nameOf(each) === application);
  return [
    ...conditionsOf(application).map((condition) => String(condition['message'])),
    textAt(found, 'status', 'operationState', 'message') ?? '',
  ].join('\n');
}

/** What keeps the Applications from being Synced and Healthy, all of those that are expected. */
export function notReady(expected: readonly string[]): string[] {
  const all = applications();
  const missing = expected.filter((name) => !all.some((application) => nameOf(application) === name));
  const troubled = all.flatMap((application) => {
    const [sync, health] = [
      textAt(application, 'status', 'sync', 'status') ?? 'not compared yet',
      textAt(application, 'status', 'health', 'status') ?? 'of unknown health',
    ];
    if (sync === 'Synced' && health === 'Healthy') return [];
    const said = listAt(application, 'status', 'conditions').map((condition) => String(condition['message']));
    const resources = listAt(application, 'status', 'resources')
      .filter((each) => each['status'] !== 'Synced' || textAt(each, 'health', 'status') === 'Degraded')
      .map((each) => `${String(each['kind'])} ${String(each['name'])}`);
    return [`${nameOf(application)}: ${sync}, ${health} ${[...said, ...resources].join('; ')}`];
  });
  return [...missing.map((name) => `${name} is not there`), ...troubled];
}

/** An admin who does not wait for the maintenance window: the windows of dist allow a sync by hand. */
export function syncByHand(names: readonly string[]): void {
  for (const application of applications()) {
    const waits =
      textAt(application, 'status', 'sync', 'status') === 'OutOfSync' &&
      at(application, 'status', 'operationState') === undefined;
    if (!waits || !names.includes(nameOf(application))) continue;
    const sync = { syncOptions: at(application, 'spec', 'syncPolicy', 'syncOptions') };
    const operation = { operation: { initiatedBy: { username: 'admin' }, sync, retry: { limit: 5 } } };
    mustKubectl([
      ...['patch', 'application', nameOf(application), `--namespace=${NAMESPACE}`],
      ...['--type=merge', '--patch', JSON.stringify(operation)],
    ]);
  }
}

/** When Argo CD last looked at git for each Application. */
export function lastLooks(): ReadonlyMap<string, string> {
  return new Map(
    applications().map((application) => [
      nameOf(application),
      textAt(application, 'status', 'reconciledAt') ?? '',
    ]),
  );
}

/**
 * Asks for a comparison that takes nothing from a cache, as the button Refresh does. Argo CD finds that a change is refused when it first sees
 * the commit; the next comparison by itself takes its older finding, and the Application is Synced again.
 *
 * @see https://github.com/argoproj/argo-cd/issues/28722
 */
export function refresh(application: string): void {
  const asked = ['--overwrite', 'argocd.argoproj.io/refresh=normal'];
  mustKubectl(['annotate', 'application', application, `--namespace=${NAMESPACE}`, ...asked]);
}

/** An admin who lets Argo CD delete what it asks about, as the guide says. */
export function confirmDeletion(application: string): void {
  const approved = `argocd.argoproj.io/deletion-approved=${new Date().toISOString()}`;
  mustKubectl(['annotate', 'application', application, `--namespace=${NAMESPACE}`, '--overwrite', approved]);
}

/** The operation that was last started for each Application: who starts none leaves this as it is. */
export function operations(): string[] {
  return applications().map((application) =>
    JSON.stringify([
      nameOf(application),
      at(application, 'operation') ?? 'none',
      textAt(application, 'status', 'operationState', 'startedAt'),
    ]),
  );
}

/**
 * What moves when an object of dist is written: its generation, or its version where the kind has none (ConfigMaps,
 * roles), and whatever Argo CD itself writes. An object that is gone has no state.
 */
export function states(objects: readonly KubernetesObject[]): ReadonlyMap<string, string> {
  const answer = kubectl(
    ['get', '--ignore-not-found', '--show-managed-fields', '--output=json', '--filename=-'],
    documents(objects),
  );
  const left = answer.out === '' ? [] : found(JSON.parse(answer.out));
  return new Map(
    left.map((object) => [
      title(object as unknown as KubernetesObject),
      JSON.stringify([
        at(object, 'metadata', 'uid'),
        at(object, 'metadata', 'generation') ?? at(object, 'metadata', 'resourceVersion'),
        listAt(object, 'metadata', 'managedFields').filter((entry) => entry['manager'] === FIELD_MANAGER),
      ]),
    ]),
  );
}

/** Objects whose state differs, or that are gone, or new. */
export function moved(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .sort();
}

const parents = (route: Fields) =>
  listAt(route, 'spec', 'parentRefs').map((parentRef) => ({
    parentRef,
    controllerName: 'example.org/e2e',
    conditions: [condition('Accepted'), condition('ResolvedRefs')],
  }));

const ready = () => ({ conditions: [condition('Ready')] });

const PLAYED: Readonly<Record<string, (object: Fields) => object>> = {
  'clusterissuers.cert-manager.io': ready,
  'issuers.cert-manager.io': ready,
  'certificates.cert-manager.io': ready,
  'scaledjobs.keda.sh': ready,
  'httproutes.gateway.networking.k8s.io': (route) => ({ parents: parents(route) }),
};

/**
 * The suite in the place of controllers whose programs do not run here: cert-manager makes issuers and certificates
 * ready, KEDA its ScaledJobs, a gateway accepts routes.
 *
 * @param objects those of dist: only their kinds are looked for
 */
export function controllersFor(objects: readonly KubernetesObject[]): () => void {
  const wanted = [...new Set(objects.map(resourceOf))].filter((resource) => resource in PLAYED);
  let served: readonly string[] = [];
  return () => {
    // To ask for a kind that is not there makes kubectl read all kinds again, and to ask for definitions is dear.
    if (served.length < wanted.length) served = definedOf(wanted);
    if (served.length === 0) return;
    const { status: code, out } = kubectl(['get', served.join(), '--all-namespaces', '--output=json']);
    // What was defined a moment ago may not be served yet.
    if (code !== 0) return;
    for (const object of listAt(JSON.parse(out), 'items')) {
      if (JSON.stringify(at(object, 'status') ?? {}).includes('"Played"')) continue;
      const resource = resourceOf(object);
      const namespace = namespaceOf(object);
      mustKubectl([
        ...['patch', resource, nameOf(object), ...(namespace === '' ? [] : [`--namespace=${namespace}`])],
        ...['--subresource=status', '--type=merge', '--patch'],
        JSON.stringify({ status: PLAYED[resource]?.(object) }),
      ]);
    }
  };
}

/** As a definition is called: `certificates.cert-manager.io`. */
function resourceOf(object: unknown): string {
  const [apiGroup = ''] = (textAt(object, 'apiVersion') ?? '').split('/');
  return `${(textAt(object, 'kind') ?? '').toLowerCase()}s.${apiGroup}`;
}

function definedOf(names: readonly string[]): readonly string[] {
  const out = mustKubectl([
    'get',
    'customresourcedefinitions',
    ...names,
    '--ignore-not-found',
    '--output=name',
  ]);
  return names.filter((name) => out.includes(`/${name}\n`));
}

function condition(type: string) {
  const at = '2026-01-01T00:00:00Z';
  return { type, status: 'True', reason: 'Played', message: 'played by the suite', lastTransitionTime: at };
}
