import { k8s } from 'cdk8s-plus-27';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { WEBHOOK, WEBHOOK_CA_SECRET, type Program } from './program';
import { NAMESPACE, RELEASE } from './release';

/** What differs between the containers of the three programs. */
interface Specifics {
  readonly args: string[];
  readonly ports: k8s.ContainerPort[];
  readonly livenessProbe?: k8s.Probe;
  readonly readinessProbe?: k8s.Probe;
}

const VERBOSITY = '--v=2';

/**
 * Upstream elects leaders in `kube-system`. An Argo CD project that may write there could replace the
 * cluster's own parts, and some platforms forbid it.
 *
 * @see https://github.com/cert-manager/cert-manager/issues/6716
 */
const LEADER_ELECTION = `--leader-election-namespace=${NAMESPACE}`;

/** The container of a program; `gatewayApi` matters to the controller only. */
export function container(program: Program, resources: Resources, gatewayApi: boolean): k8s.Container {
  return {
    name: `cert-manager-${program.key}`,
    image: RELEASE.images[program.key],
    imagePullPolicy: 'IfNotPresent',
    ...specifics(program, gatewayApi),
    env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
    resources: resourceRequirements(resources),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
  };
}

function specifics(program: Program, gatewayApi: boolean): Specifics {
  switch (program.key) {
    case 'controller':
      return controller(gatewayApi);
    case 'cainjector':
      return { args: [VERBOSITY, LEADER_ELECTION], ports: [port('http-metrics', RELEASE.ports.metrics)] };
    case 'webhook':
      return webhook();
  }
}

function controller(gatewayApi: boolean): Specifics {
  return {
    args: [
      VERBOSITY,
      '--cluster-resource-namespace=$(POD_NAMESPACE)',
      LEADER_ELECTION,
      `--acme-http01-solver-image=${RELEASE.images.acmesolver}`,
      '--max-concurrent-challenges=60',
      ...(gatewayApi ? ['--enable-gateway-api'] : []),
    ],
    ports: [
      port('http-metrics', RELEASE.ports.metrics),
      port('http-healthz', RELEASE.ports.controllerHealth),
    ],
    livenessProbe: {
      httpGet: httpGet('/livez', 'http-healthz'),
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 15,
      successThreshold: 1,
      failureThreshold: 8,
    },
  };
}

function webhook(): Specifics {
  const host = WEBHOOK.name;
  const probe = { timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };
  return {
    args: [
      VERBOSITY,
      `--secure-port=${String(RELEASE.ports.webhook)}`,
      '--dynamic-serving-ca-secret-namespace=$(POD_NAMESPACE)',
      `--dynamic-serving-ca-secret-name=${WEBHOOK_CA_SECRET}`,
      `--dynamic-serving-dns-names=${host}`,
      `--dynamic-serving-dns-names=${host}.$(POD_NAMESPACE)`,
      `--dynamic-serving-dns-names=${host}.$(POD_NAMESPACE).svc`,
    ],
    ports: [
      port('https', RELEASE.ports.webhook),
      port('healthcheck', RELEASE.ports.webhookHealth),
      port('http-metrics', RELEASE.ports.metrics),
    ],
    livenessProbe: {
      ...probe,
      httpGet: httpGet('/livez', 'healthcheck'),
      initialDelaySeconds: 60,
      periodSeconds: 10,
    },
    readinessProbe: {
      ...probe,
      httpGet: httpGet('/healthz', 'healthcheck'),
      initialDelaySeconds: 5,
      periodSeconds: 5,
    },
  };
}

function port(name: string, containerPort: number): k8s.ContainerPort {
  return { name, containerPort, protocol: 'TCP' };
}

function httpGet(path: string, portName: string): k8s.HttpGetAction {
  return { path, port: k8s.IntOrString.fromString(portName), scheme: 'HTTP' };
}
