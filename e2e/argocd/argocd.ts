import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { BIN, GIVEN_KUBECONFIG, KUBECONFIG, RUN, runFolder } from '../cluster/cache';
import { buildPrograms } from '../cluster/build';
import { documents, mustKubectl } from '../cluster/kubectl';
import { makeCertificates, makeServerCertificate, pkiFile } from '../cluster/pki';
import { start, until } from '../cluster/processes';
import { ARGOCD } from '../cluster/versions';
import { startGitServer, type GitServer } from './git-server';

const LOOPBACK = '127.0.0.1';
const PORTS = { redis: 26_500, repoServer: 26_501, repoMetrics: 26_502, controllerMetrics: 26_503 };
const REDIS = '/usr/bin/redis-server';

/** What upstream's manifest brings besides workloads, which here are processes. */
const CONFIG_MAPS = [
  'argocd-cm',
  'argocd-rbac-cm',
  'argocd-cmd-params-cm',
  'argocd-gpg-keys-cm',
  'argocd-tls-certs-cm',
  'argocd-ssh-known-hosts-cm',
];

/** Builds what is missing, and says what a machine lacks. */
export async function prepare(say: (text: string) => void): Promise<void> {
  if (!existsSync(REDIS)) throw new Error('redis-server is needed: apt-get install redis-server');
  await buildPrograms([ARGOCD], say);
}

/** Starts the real application controller and repo server against the cluster, beside it and not inside. */
export async function startArgocd(repositories: string, host: string): Promise<GitServer> {
  installConfiguration();
  // The CA of a cluster that is given is not ours to sign with.
  if (GIVEN_KUBECONFIG !== undefined) makeCertificates(['DNS:localhost']);
  makeServerCertificate(host, [`DNS:${host}`]);
  const folders = { tls: '', ssh: '', gpg: '', tmp: '' };
  for (const name of ['tls', 'ssh', 'gpg', 'tmp'] as const) folders[name] = runFolder('argocd', name);
  copyFileSync(pkiFile('ca.crt'), path.join(folders.tls, host));
  const server = await startGitServer(repositories, host);
  const env = {
    PATH: `${BIN}:${process.env['PATH'] ?? ''}`,
    HOME: RUN,
    TMPDIR: folders.tmp,
    KUBECONFIG,
    // https://kubernetes.default.svc means this cluster.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    // There is no webhook: git is asked every few seconds.
    ARGOCD_RECONCILIATION_TIMEOUT: '5s',
    ARGOCD_RECONCILIATION_JITTER: '0s',
    ARGOCD_TLS_DATA_PATH: folders.tls,
    ARGOCD_SSH_DATA_PATH: folders.ssh,
    ARGOCD_GNUPGHOME: folders.gpg,
    ARGOCD_PLUGINSOCKFILEPATH: folders.tmp,
  };
  start(REDIS, [
    '--bind',
    LOOPBACK,
    '--port',
    String(PORTS.redis),
    '--save',
    '',
    '--appendonly',
    'no',
    '--set-proc-title',
    'no',
  ]);
  const redis = ['--redis', `${LOOPBACK}:${String(PORTS.redis)}`];
  const repoServer = [
    '--address',
    LOOPBACK,
    '--port',
    String(PORTS.repoServer),
    '--metrics-address',
    LOOPBACK,
    '--metrics-port',
    String(PORTS.repoMetrics),
  ];
  start('argocd-repo-server', [...repoServer, ...redis, '--disable-tls', '--client-ca-path', ''], {
    ...env,
    HTTPS_PROXY: server.proxy,
    NO_PROXY: LOOPBACK,
  });
  const controller = [
    '--kubeconfig',
    KUBECONFIG,
    '--namespace',
    'argocd',
    '--metrics-port',
    String(PORTS.controllerMetrics),
    // An error of git shows after three minutes otherwise.
    '--repo-error-grace-period-seconds',
    '5',
    // Waits of minutes between repairs, for what its cache has not seen yet.
    '--self-heal-backoff-cap-seconds',
    '5',
  ];
  const repo = ['--repo-server', `${LOOPBACK}:${String(PORTS.repoServer)}`, '--repo-server-plaintext'];
  start('argocd-application-controller', [...controller, ...redis, ...repo], env);
  await until('the repo server is healthy', 'argocd-repo-server', 60, () => isHealthy(PORTS.repoMetrics));
  await until('the application controller is healthy', 'argocd-application-controller', 60, () =>
    isHealthy(PORTS.controllerMetrics),
  );
  return server;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://${LOOPBACK}:${String(port)}/healthz`)).ok;
  } catch {
    return false;
  }
}

function installConfiguration(): void {
  mkdirSync(RUN, { recursive: true });
  const labels = { 'app.kubernetes.io/part-of': 'argocd' };
  const items = [
    ...CONFIG_MAPS.map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'argocd', labels },
    })),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace: 'argocd', labels },
      stringData: { 'server.secretkey': 'for-this-run-only' },
    },
    // It does not take this from the kubeconfig.
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'in-cluster',
        namespace: 'argocd',
        labels: { ...labels, 'argocd.argoproj.io/secret-type': 'cluster' },
      },
      stringData: {
        name: 'in-cluster',
        server: 'https://kubernetes.default.svc',
        config: JSON.stringify({ disableCompression: true }),
      },
    },
    // Argo CD makes this project when it starts, open to everything.
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'default', namespace: 'argocd' },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    },
  ];
  mustKubectl(['apply', '--server-side', '--filename=-'], documents(items));
}
