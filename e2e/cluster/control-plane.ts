import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KUBECONFIG, RUN } from './cache';
import { kubectl } from './kubectl';
import { makeCertificates, pkiFile } from './pki';
import { start, stopAll, until } from './processes';

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
const API = `https://${LOOPBACK}:${String(PORTS.api)}`;

/**
 * Admission webhooks have no pod behind them on simulated nodes, and with `failurePolicy: Fail` they would block their
 * kinds. Their configurations are validated all the same.
 */
const WITHOUT_PODS = 'MutatingAdmissionWebhook,ValidatingAdmissionWebhook';

export interface ControlPlane {
  /** First of the site's service networks. */
  readonly serviceCidr: string;
}

/** Starts an empty cluster: etcd, API server, controllers, scheduler, and KWOK in the place of kubelets. */
export async function startControlPlane({ serviceCidr }: ControlPlane): Promise<void> {
  await stopAll();
  for (const left of ['etcd', 'pki']) rmSync(path.join(RUN, left), { recursive: true, force: true });
  makeCertificates([`IP:${LOOPBACK}`, 'DNS:kubernetes.default.svc']);
  writeKubeconfig();
  startEtcd();
  startApiServer(serviceCidr);
  await until(
    'the API server answers',
    'kube-apiserver',
    90,
    () => kubectl(['get', '--raw', '/readyz']).status === 0,
  );
  startControllers();
  await until('the controllers make service accounts', 'kube-controller-manager', 60, () => {
    return kubectl(['get', 'serviceaccount', 'default', '--namespace', 'default']).status === 0;
  });
}

function writeKubeconfig(): void {
  const token = randomBytes(16).toString('hex');
  writeFileSync(pkiFile('tokens.csv'), `${token},e2e-admin,e2e-admin,system:masters\n`, { mode: 0o600 });
  const ca = readFileSync(pkiFile('ca.crt')).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster: { server: API, 'certificate-authority-data': ca } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'admin' } }],
    'current-context': 'e2e',
  };
  writeFileSync(KUBECONFIG, JSON.stringify(config), { mode: 0o600 });
}

function flags(options: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(options).map(([name, value]) => `--${name}=${String(value)}`);
}

function startEtcd(): void {
  const [client, peers] = [PORTS.etcd, PORTS.etcdPeers].map((port) => `http://${LOOPBACK}:${String(port)}`);
  start(
    'etcd',
    flags({
      'data-dir': path.join(RUN, 'etcd'),
      'log-level': 'error',
      'listen-client-urls': client ?? '',
      'advertise-client-urls': client ?? '',
      'listen-peer-urls': peers ?? '',
      'initial-advertise-peer-urls': peers ?? '',
      'initial-cluster': `default=${peers ?? ''}`,
    }),
  );
}

function startApiServer(serviceCidr: string): void {
  start(
    'kube-apiserver',
    flags({
      'etcd-servers': `http://${LOOPBACK}:${String(PORTS.etcd)}`,
      'bind-address': LOOPBACK,
      'advertise-address': LOOPBACK,
      'secure-port': PORTS.api,
      'endpoint-reconciler-type': 'none',
      'service-cluster-ip-range': serviceCidr,
      'tls-cert-file': pkiFile('server.crt'),
      'tls-private-key-file': pkiFile('server.key'),
      'client-ca-file': pkiFile('ca.crt'),
      'token-auth-file': pkiFile('tokens.csv'),
      'authorization-mode': 'Node,RBAC',
      'allow-privileged': true,
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': pkiFile('accounts.key'),
      'service-account-signing-key-file': pkiFile('accounts.key'),
      'disable-admission-plugins': WITHOUT_PODS,
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
  start(
    'kwok',
    flags({
      kubeconfig: KUBECONFIG,
      config: path.join(__dirname, 'stages.yaml'),
      'manage-all-nodes': true,
      'node-ip': '192.0.2.10',
      'node-lease-duration-seconds': 40,
      'server-address': `${LOOPBACK}:${String(PORTS.kwok)}`,
    }),
  );
}
