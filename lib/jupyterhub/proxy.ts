import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { corePod, probes } from './core-pod';
import { labels, metadata, selector, TALKS_TO } from './metadata';
import type { NodeGroup } from './placement';
import { RELEASE } from './release';

export interface ProxyProps {
  /** Name of the Secret with the key `auth_token`. */
  readonly secret: string;
  readonly resources: Resources;
  readonly coreNodes: readonly NodeGroup[];
  readonly imagePullSecrets: readonly string[];
  /** Port on every node. @default the proxy is reached inside the cluster only */
  readonly nodePort?: number;
}

const HUB = `http://hub:${String(RELEASE.ports.hub)}`;

/**
 * The proxy that all traffic of users passes.
 *
 * Nothing of the hub's configuration is in it: a change there must not cut the connections of running notebooks.
 *
 * @see https://github.com/jupyterhub/configurable-http-proxy
 */
export class Proxy extends Construct {
  constructor(scope: Construct, id: string, props: ProxyProps) {
    super(scope, id);
    const { nodePort } = props;
    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: metadata('proxy', 'proxy'),
      automountServiceAccountToken: false,
    });
    new k8s.KubeService(this, 'api', {
      metadata: metadata('proxy-api', 'proxy-api'),
      spec: {
        type: 'ClusterIP',
        ipFamilyPolicy: 'PreferDualStack',
        selector: selector('proxy'),
        ports: [{ name: 'api', port: RELEASE.ports.proxyApi, protocol: 'TCP', targetPort: named('api') }],
      },
    });
    new k8s.KubeService(this, 'public', {
      metadata: metadata('proxy-public', 'proxy-public'),
      spec: {
        type: nodePort === undefined ? 'ClusterIP' : 'NodePort',
        ipFamilyPolicy: 'PreferDualStack',
        selector: selector('proxy'),
        ports: [
          {
            name: 'http',
            port: RELEASE.ports.proxyService,
            protocol: 'TCP',
            targetPort: named('http'),
            ...(nodePort === undefined ? {} : { nodePort }),
          },
        ],
      },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: metadata('proxy', 'proxy'),
      spec: {
        replicas: 1,
        // Two would each know only the routes that the hub has told it.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selector('proxy') },
        template: {
          metadata: { labels: { ...labels('proxy'), ...TALKS_TO.hub, ...TALKS_TO.notebooks } },
          spec: {
            serviceAccountName: 'proxy',
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 60,
            ...corePod(props),
            containers: [container(props)],
          },
        },
      },
    });
  }
}

function container({ secret, resources }: ProxyProps): k8s.Container {
  const { proxy, proxyApi } = RELEASE.ports;
  return {
    name: 'chp',
    image: RELEASE.images.proxy,
    imagePullPolicy: 'IfNotPresent',
    command: [
      'configurable-http-proxy',
      '--ip=',
      '--api-ip=',
      `--api-port=${String(proxyApi)}`,
      `--default-target=${HUB}`,
      `--error-target=${HUB}/hub/error`,
      `--port=${String(proxy)}`,
    ],
    env: [
      {
        name: 'CONFIGPROXY_AUTH_TOKEN',
        valueFrom: { secretKeyRef: { name: secret, key: 'auth_token' } },
      },
    ],
    ports: [
      { name: 'http', containerPort: proxy, protocol: 'TCP' },
      { name: 'api', containerPort: proxyApi, protocol: 'TCP' },
    ],
    resources: resourceRequirements(resources),
    ...probes({ path: '/_chp_healthz', port: named('http'), scheme: 'HTTP' }, 60),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_534,
      runAsGroup: 65_534,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function named(port: string): k8s.IntOrString {
  return k8s.IntOrString.fromString(port);
}
