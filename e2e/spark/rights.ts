import { kubectl } from '../cluster/kubectl';
import { inPod } from '../cluster/suite';
import type { Container } from '../jupyterhub/pods';
import { namespaceOf } from './executors';

/** One question to the API server, and the answer that there should be. */
export interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly expected: boolean;
}

/** What the account of an experiment may do among its executors; everything else it may not. */
const ALLOWED = ['get', 'list', 'watch', 'create', 'delete', 'deletecollection'];
const OTHERS: readonly (readonly [verb: string, resource: string])[] = [
  ...['patch', 'update'].map((verb) => [verb, 'pods'] as const),
  ['create', 'pods/exec'],
  ['get', 'pods/log'],
  ['create', 'pods/ephemeralcontainers'],
  ['get', 'secrets'],
  ['list', 'secrets'],
  ['create', 'configmaps'],
  ['create', 'services'],
  ['create', 'persistentvolumeclaims'],
  ['create', 'serviceaccounts/token'],
  ['create', 'rolebindings'],
  ['delete', 'resourcequotas'],
  ['delete', 'networkpolicies'],
];

/** All questions about the account of an experiment, in its own namespace, in others' and in those of the facility. */
export function rightsOf(experiment: string, others: readonly string[]): readonly Right[] {
  const own = namespaceOf(experiment);
  const elsewhere = ['jupyterhub-users', 'jupyterhub', 'default', ...others.map(namespaceOf)];
  return [
    ...ALLOWED.map((verb) => ({ verb, resource: 'pods', namespace: own, expected: true })),
    ...OTHERS.map(([verb, resource]) => ({ verb, resource, namespace: own, expected: false })),
    ...elsewhere.flatMap((namespace) =>
      [...ALLOWED.map((verb) => [verb, 'pods'] as const), ...OTHERS].map(([verb, resource]) => ({
        verb,
        resource,
        namespace,
        expected: false,
      })),
    ),
  ];
}

/** @param account `namespace:name` */
export function may(account: string, { verb, resource, namespace }: Right): boolean {
  const { out } = kubectl([
    ...['auth', 'can-i', verb, ...withSubresource(resource)],
    `--namespace=${namespace}`,
    `--as=system:serviceaccount:${account}`,
  ]);
  return out.startsWith('yes');
}

function withSubresource(resource: string): string[] {
  const [name = '', part] = resource.split('/');
  return part === undefined ? [name] : [name, `--subresource=${part}`];
}

const ASK = `import ssl, sys, urllib.error, urllib.request
folder = "/var/run/secrets/kubernetes.io/serviceaccount/"
try:
    token = open(folder + "token").read()
    trusted = ssl.create_default_context(cafile=folder + "ca.crt")
except OSError:
    token, trusted = "", ssl._create_unverified_context()
request = urllib.request.Request("https://kubernetes.default.svc" + sys.argv[1], headers={"Authorization": "Bearer " + token} if token else {})
try: print(urllib.request.urlopen(request, context=trusted, timeout=5).status)
except urllib.error.HTTPError as error: print(error.code)
except OSError as error: print("unreachable")`;

/** What the API server answers from within a pod, with the token that the pod has: a status, or `unreachable`. */
export function ask({ namespace, pod, container }: Container, path: string): string {
  const { status, out, err } = inPod(namespace, pod, container, ['python3', '-c', ASK, path]);
  if (status !== 0) throw new Error(`${pod}: ${err}`);
  return out.trim();
}
