import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import type { NeededSecret } from '../../lib/kubernetes/needed-secret';
import { at, everyMapping, isFields, listAt, textAt } from '../../lib/kubernetes/read';
import { documents, mustKubectl } from '../cluster/kubectl';
import type { Look } from './look';
import { nameOf, namespaceOf, readAll } from './objects';
import { workloads } from './pods';

const PULL_KEY = '.dockerconfigjson';

/** Makes the Secrets that `check` says a site needs, in namespaces that are there; the values are of no use to anybody. */
export function makeSecrets(needed: readonly NeededSecret[]): number {
  const namespaces = readAll('namespaces').map(nameOf);
  const secrets = needed
    .filter(({ namespace }) => namespaces.includes(namespace))
    .map(({ namespace, name, keys }) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name },
      type: keys.includes(PULL_KEY) ? 'kubernetes.io/dockerconfigjson' : 'Opaque',
      stringData: Object.fromEntries(keys.map((key) => [key, key === PULL_KEY ? '{"auths":{}}' : 'e2e'])),
    }));
  if (secrets.length > 0) mustKubectl(['apply', '--server-side', '--filename=-'], documents(secrets));
  return secrets.length;
}

interface Reference {
  readonly name: string;
  readonly key?: string;
}

/** Whether each Secret that a pod reads is in the cluster with its keys, or is written by a Certificate of dist. */
export function secretsOfPods(objects: readonly KubernetesObject[]): Look {
  const there = new Map(
    readAll('secrets', '--all-namespaces').map((secret) => {
      const data = at(secret, 'data');
      return [`${namespaceOf(secret)}/${nameOf(secret)}`, isFields(data) ? Object.keys(data) : []];
    }),
  );
  for (const { kind, metadata, ...rest } of objects) {
    if (kind !== 'Certificate') continue;
    there.set(`${metadata.namespace ?? ''}/${textAt(rest, 'spec', 'secretName') ?? ''}`, [
      ...['tls.crt', 'tls.key', 'ca.crt'],
    ]);
  }
  const all = workloads(objects).flatMap(({ object, template }) =>
    references(template).map((reference) => ({ object, reference })),
  );
  const objections = all.flatMap(({ object, reference: { name, key } }) => {
    const place = `${object.metadata.namespace ?? ''}/${name}`;
    const keys = there.get(place);
    if (keys === undefined) return [`${title(object)} reads Secret ${place}, which nobody makes`];
    return key === undefined || keys.includes(key)
      ? []
      : [`${title(object)} reads key ${key} of Secret ${place}, which has ${keys.join(', ')}`];
  });
  return { looked: all.length, objections };
}

/** Every place of a pod that names a Secret and cannot do without. */
function references(template: unknown): Reference[] {
  return [...everyMapping(template)].flatMap((mapping) => [
    ...required(mapping['secretKeyRef']).map(({ name, at: key }) => ({ name, ...key })),
    ...required(mapping['secretRef']),
    // A volume: `secret.secretName`, or `secret.name` inside a projected one.
    ...required(mapping['secret']).flatMap(({ name, items }) =>
      items.length === 0 ? [{ name }] : items.map((key) => ({ name, key })),
    ),
    ...listAt(mapping, 'imagePullSecrets').flatMap((secret) => required(secret)),
  ]);
}

function required(reference: unknown) {
  const name = textAt(reference, 'secretName') ?? textAt(reference, 'name');
  if (name === undefined || at(reference, 'optional') === true) return [];
  const key = textAt(reference, 'key');
  const items = listAt(reference, 'items').flatMap((item) => textAt(item, 'key') ?? []);
  return [{ name, at: key === undefined ? {} : { key }, items }];
}
