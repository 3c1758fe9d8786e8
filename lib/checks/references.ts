import { title, type KubernetesObject } from '../kubernetes/object';
import { at, everyMapping, listAt, textAt } from '../kubernetes/read';
import { ofKind, placed, type Check, type SiteOutput } from './check';

interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** Secrets that controllers make themselves. */
const MADE_BY_CONTROLLERS = ['cert-manager/cert-manager-webhook-ca'];

function podReferences(workload: KubernetesObject): Reference[] {
  const pod = at(workload, 'spec', 'template', 'spec');
  const { namespace } = workload.metadata;
  const account = textAt(pod, 'serviceAccountName');
  const named = (kind: string, name: unknown, holder: unknown): Reference[] =>
    typeof name === 'string' && at(holder, 'optional') !== true ? [{ kind, name, namespace }] : [];
  return [
    ...named('ServiceAccount', account, undefined),
    ...listAt(pod, 'imagePullSecrets').flatMap((item) => named('Secret', item['name'], undefined)),
    ...[...everyMapping(pod)].flatMap((mapping) => [
      ...named('Secret', textAt(mapping, 'secret', 'secretName'), mapping['secret']),
      ...named('Secret', textAt(mapping, 'secret', 'name'), mapping['secret']),
      ...named('ConfigMap', textAt(mapping, 'configMap', 'name'), mapping['configMap']),
      ...named('Secret', textAt(mapping, 'secretKeyRef', 'name'), mapping['secretKeyRef']),
      ...named('ConfigMap', textAt(mapping, 'configMapKeyRef', 'name'), mapping['configMapKeyRef']),
      ...named('PersistentVolumeClaim', textAt(mapping, 'persistentVolumeClaim', 'claimName'), undefined),
    ]),
  ];
}

function issuerReferences(object: KubernetesObject): Reference[] {
  if (object.kind === 'Certificate') {
    return [
      {
        kind: textAt(object, 'spec', 'issuerRef', 'kind') ?? 'Issuer',
        name: textAt(object, 'spec', 'issuerRef', 'name') ?? '',
      },
    ];
  }
  const ca = textAt(object, 'spec', 'ca', 'secretName');
  const keys = [...everyMapping(at(object, 'spec', 'acme', 'solvers'))]
    .filter((mapping) => 'key' in mapping)
    .flatMap((mapping) => textAt(mapping, 'name') ?? []);
  return [...(ca === undefined ? [] : [ca]), ...keys].map((name) => ({
    kind: 'Secret',
    name,
    namespace: 'cert-manager',
  }));
}

function bindingReferences(binding: KubernetesObject): Reference[] {
  const role = textAt(binding, 'roleRef', 'kind') ?? '';
  const name = textAt(binding, 'roleRef', 'name') ?? '';
  const builtIn = ['cluster-admin', 'admin', 'edit', 'view'].includes(name) || name.startsWith('system:');
  return [
    ...(builtIn
      ? []
      : [{ kind: role, name, namespace: role === 'Role' ? binding.metadata.namespace : undefined }]),
    ...listAt(binding, 'subjects').map((subject) => ({
      kind: String(subject['kind']),
      name: String(subject['name']),
      namespace: textAt(subject, 'namespace'),
    })),
  ];
}

function known(output: SiteOutput): ReadonlySet<string> {
  const key = (kind: string, namespace: string | undefined, name: string) =>
    `${kind} ${namespace ?? ''}/${name}`;
  return new Set([
    ...placed(output).map(({ object }) => key(object.kind, object.metadata.namespace, object.metadata.name)),
    ...output.neededSecrets.map(({ namespace, name }) => key('Secret', namespace, name)),
    ...ofKind(output, 'Certificate').map((certificate) =>
      key('Secret', certificate.metadata.namespace, textAt(certificate, 'spec', 'secretName') ?? ''),
    ),
    ...MADE_BY_CONTROLLERS.map((name) => `Secret ${name}`),
  ]);
}

export const references: Check = {
  id: 'AF-REF-42',
  why: 'A pod that mounts what does not exist never starts, and an issuer that does not exist never signs.',
  look(output) {
    const there = known(output);
    return placed(output).flatMap(({ object }) => {
      const all = /^(?:Deployment|StatefulSet|DaemonSet|Job)$/.test(object.kind)
        ? podReferences(object)
        : /^(?:Certificate|ClusterIssuer|Issuer)$/.test(object.kind)
          ? issuerReferences(object)
          : object.kind.endsWith('RoleBinding')
            ? bindingReferences(object)
            : [];
      return all.map(({ kind, name, namespace }) => ({
        subject: `${title(object)} → ${kind} ${name}`,
        problems: there.has(`${kind} ${namespace ?? ''}/${name}`)
          ? []
          : ['does not exist and is not declared as a needed secret'],
      }));
    });
  },
};
