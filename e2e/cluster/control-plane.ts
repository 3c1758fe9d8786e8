import { rmSync } from 'node:fs';
import path from 'node:path';
import { KUBECONFIG, RUN } from './cache';
import { KINDS, kubectl } from './kubectl';
import { address } from './network';
import { SIMULATED } from './nodes';
import { makeCertificates, makeClientCertificate, pkiFile } from './pki';
import { start, until } from './processes';
import { makeUsers, TOKENS, type User } from './users';

/** Ports on the loopback; 6443 is left to what may run on the machine already. */
const PORTS = {
  api: 26_443,
  controllers: 26_444,
  scheduler: 26_445,
  kwok: 26_446,
  etcd: 26_379,
  etcdPeers: 26_380,
};
const LOOPBACK = '127.0.0.1';
const KUBELET_CLIENT = 'kubelet-client';
const AGGREGATOR = 'front-proxy';

/** What certificates of the API server say besides its addresses. */
const NAMES = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/**
 * Admission webhooks have no pod behind them on simulated nodes, and with `failurePolicy: Fail` they would block their
 * kinds. Their configurations are validated all the same.
 */
const WITHOUT_PODS = 'MutatingAdmissionWebhook,ValidatingAdmissionWebhook';

export interface ControlPlane {
  /** First of the site's service networks. */
  readonly serviceCidr: string;
  /** Where pods reach the API server, on a cluster with real nodes. @default only this machine reaches it */
  readonly published?: { readonly addresses: readonly string[]; readonly port: number };
  /** Who speaks to it besides the suites. @default nobody */
  readonly users?: readonly User[];
}

/** Starts an empty cluster: etcd, API server, controllers and scheduler. */
export async function startControlPlane({ serviceCidr, published, users = [] }: ControlPlane): Promise<void> {
  for (const left of [path.join(RUN, 'etcd'), path.join(RUN, 'pki'), KINDS])
    rmSync(left, { recursive: true, force: true });
  const { addresses, port } = published ?? { addresses: [LOOPBACK], port: PORTS.api };
  const [own = LOOPBACK] = addresses;
  const ownService = address(serviceCidr, 1);
  makeCertificates([
    ...[...addresses, LOOPBACK, ownService].map((each) => `IP:${each}`),
    ...NAMES.map((name) => `DNS:${name}`),
  ]);
  makeClientCertificate(KUBELET_CLIENT, '/O=system:masters/CN=kube-apiserver');
  makeClientCertificate(AGGREGATOR, '/CN=front-proxy');
  const admin = { name: 'e2e-admin', group: 'system:masters', kubeconfig: KUBECONFIG };
  makeUsers(`https://${own}:${String(port)}`, [admin, ...users]);
  startEtcd();
  startApiServer(
    serviceCidr,
    published
      ? {
          // Several addresses are its own: the site may name more than one.
          'bind-address': '0.0.0.0',
          'advertise-address': own,
          'secure-port': port,
          // Webhooks are called at the pods' own addresses: this machine has no kube-proxy.
          'enable-aggregator-routing': true,
        }
      : {
          'bind-address': LOOPBACK,
          'advertise-address': LOOPBACK,
          'secure-port': port,
          'endpoint-reconciler-type': 'none',
          'disable-admission-plugins': WITHOUT_PODS,
        },
  );
  await until(
    'the API server answers',
    'kube-apiserver',
    90,
    () => kubectl(['get', '--raw', '/readyz']).status === 0,
  );
  startControllers();
  await until('the controllers make service accounts', 'kube-controller-manager', 60, () => {
    const account = ['serviceaccount', 'default', '--namespace=default'];
    return kubectl(['wait', '--for=create', ...account, '--timeout=5s']).status === 0;
  });
}

type Options = Readonly<Record<string, string | number | boolean>>;

function flags(options: Options): string[] {
  return Object.entries(options).map(([name, value]) => `--${name}=${String(value)}`);
}

function startEtcd(): void {
  const [client, peers] = [PORTS.etcd, PORTS.etcdPeers].map((port) => `http://${LOOPBACK}:${String(port)}`);
  start(
    'etcd',
    flags({
      'data-dir': path.join(RUN, 'etcd'),
      'log-level': 'error',
      // Nothing of it outlives the cluster.
      'unsafe-no-fsync': true,
      'listen-client-urls': client ?? '',
      'advertise-client-urls': client ?? '',
      'listen-peer-urls': peers ?? '',
      'initial-advertise-peer-urls': peers ?? '',
      'initial-cluster': `default=${peers ?? ''}`,
    }),
  );
}

function startApiServer(serviceCidr: string, reach: Options): void {
  start(
    'kube-apiserver',
    flags({
      'etcd-servers': `http://${LOOPBACK}:${String(PORTS.etcd)}`,
      ...reach,
      'service-cluster-ip-range': serviceCidr,
      'tls-cert-file': pkiFile('server.crt'),
      'tls-private-key-file': pkiFile('server.key'),
      'client-ca-file': pkiFile('ca.crt'),
      'token-auth-file': TOKENS,
      'kubelet-certificate-authority': pkiFile('ca.crt'),
      'kubelet-client-certificate': pkiFile(`${KUBELET_CLIENT}.crt`),
      'kubelet-client-key': pkiFile(`${KUBELET_CLIENT}.key`),
      'kubelet-preferred-address-types': 'InternalIP',
      'requestheader-client-ca-file': pkiFile('ca.crt'),
      'requestheader-allowed-names': AGGREGATOR,
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-username-headers': 'X-Remote-User',
      'proxy-client-cert-file': pkiFile(`${AGGREGATOR}.crt`),
      'proxy-client-key-file': pkiFile(`${AGGREGATOR}.key`),
      'authorization-mode': 'Node,RBAC',
      'allow-privileged': true,
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': pkiFile('accounts.key'),
      'service-account-signing-key-file': pkiFile('accounts.key'),
    }),
  );
}

function startControllers(): void {
  const common = {
    kubeconfig: KUBECONFIG,
    'authentication-kubeconfig': KUBECONFIG,
    'authorization-kubeconfig': KUBECONFIG,
    'bind-address': LOOPBACK,
    'leader-elect': false,
  };
  start(
    'kube-controller-manager',
    flags({
      ...common,
      'secure-port': PORTS.controllers,
      'use-service-account-credentials': true,
      'service-account-private-key-file': pkiFile('accounts.key'),
      'root-ca-file': pkiFile('ca.crt'),
    }),
  );
  start('kube-scheduler', flags({ ...common, 'secure-port': PORTS.scheduler }));
}

/**
 * Starts KWOK in the place of the kubelets of simulated nodes.
 *
 * @param provisions whether it gives claims their volumes as well: beside a provisioner it would write over that one's
 */
export function startSimulation({ provisions }: { readonly provisions: boolean }): void {
  const stages = ['stages.yaml', ...(provisions ? ['provisioner.yaml'] : [])];
  start(
    'kwok',
    flags({
      kubeconfig: KUBECONFIG,
      config: stages.map((file) => path.join(__dirname, file)).join(','),
      'manage-all-nodes': false,
      'manage-nodes-with-annotation-selector': Object.entries(SIMULATED)
        .map((pair) => pair.join('='))
        .join(','),
      'node-ip': '192.0.2.10',
      'node-lease-duration-seconds': 40,
      'server-address': `${LOOPBACK}:${String(PORTS.kwok)}`,
    }),
  );
}
