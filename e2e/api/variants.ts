import type { KubernetesObject } from '../../lib/kubernetes/object';

/** A copy with other fields at a path. */
export function set<T>(object: T, [key = '', ...rest]: readonly string[], value: unknown): T {
  const fields = object as Record<string, unknown>;
  return { ...object, [key]: rest.length === 0 ? value : set(fields[key] ?? {}, rest, value) };
}

export const renamed = (object: KubernetesObject, name: string) => set(object, ['metadata', 'name'], name);

/** @throws Error when dist has no such object */
export function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`${kind} ${name} is not in dist`);
  return found;
}

/** The Deployment of dist of which the others are variants: it is at every site, and needs nothing. */
export const webhookOf = (objects: readonly KubernetesObject[]) =>
  find(objects, 'Deployment', 'cert-manager-webhook');

/** A Deployment under a name and labels of its own. */
export function another(deployment: KubernetesObject, name: string): KubernetesObject {
  const labels = { app: name };
  return [
    [['spec', 'selector', 'matchLabels'], labels] as const,
    [['spec', 'template', 'metadata', 'labels'], labels] as const,
  ].reduce((object, [path, value]) => set(object, path, value), renamed(deployment, name));
}
