import type { KubernetesObject } from '../../lib/kubernetes/object';
import { at, listAt } from '../../lib/kubernetes/read';
import { documents, kubectl } from '../cluster/kubectl';
import { eventually, type Look } from './look';
import { inCluster, titleOf } from './objects';

export const FIELD_MANAGER = 'argocd-controller';

/** As Argo CD applies: its field manager, server-side, and unknown fields are errors. */
const AS_ARGOCD = ['--server-side', '--force-conflicts', `--field-manager=${FIELD_MANAGER}`];
const APPLY = ['apply', ...AS_ARGOCD, '--validate=strict', '--filename=-'];

/** Warnings that are known, each with its reason. */
const KNOWN_WARNINGS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/prefer a domain-qualified finalizer name/, "the finalizer's name is Argo CD's own"],
];

/** Applies objects; what the API server refuses or warns of is an objection. */
export function apply(objects: readonly KubernetesObject[]): Look {
  if (objects.length === 0) return { looked: 0, objections: [] };
  const { err } = kubectl(APPLY, documents(objects));
  const objections = err
    .split('\n')
    .filter((line) => line !== '' && !KNOWN_WARNINGS.some(([pattern]) => pattern.test(line)));
  return { looked: objects.length, objections };
}

/** What the API server says against an object that it is asked to take, and is not given; empty if it would take it. */
export function dryRun(object: KubernetesObject): string {
  const { status, err } = kubectl([...APPLY, '--dry-run=server'], JSON.stringify(object));
  return status === 0 ? '' : err;
}

/** The same, again until the webhooks that it needs answer: their pods may just have been made. As Argo CD does. */
export async function applyPatiently(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  let last: readonly string[] = [];
  await eventually(180, () => {
    last = apply(objects).objections;
    return last.filter((line) => line.includes('failed calling webhook'));
  });
  return last;
}

/** Applies again what is there: no generation moves, and no field changes its owner or its value. */
export function applyAgain(objects: readonly KubernetesObject[]): Look {
  const before = ownedState(objects);
  const { looked, objections } = apply(objects);
  const after = ownedState(objects);
  const moved = before.flatMap(({ title, state }, index) =>
    after[index]?.state === state ? [] : [`${title} is changed by a second apply`],
  );
  return { looked, objections: [...objections, ...moved] };
}

/** What Argo CD would look at: the generation, and the fields that are its own. Status may move. */
function ownedState(objects: readonly KubernetesObject[]) {
  return inCluster(objects).map((object) => ({
    title: titleOf(object),
    state: JSON.stringify([
      at(object, 'metadata', 'generation'),
      listAt(object, 'metadata', 'managedFields').filter((entry) => entry['manager'] === FIELD_MANAGER),
    ]),
  }));
}

/** Whether what the API server would store differs from what is there. */
export function difference(objects: readonly KubernetesObject[]): Look {
  const { status, out, err } = kubectl(['diff', ...AS_ARGOCD, '--filename=-'], documents(objects));
  if (status === 0) return { looked: objects.length, objections: [] };
  const files = out.split('\n').filter((line) => line.startsWith('+++ '));
  const changed = out.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line));
  return { looked: objects.length, objections: [...files, ...changed, ...(status > 1 ? [err] : [])] };
}
