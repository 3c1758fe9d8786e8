import { createHash } from 'node:crypto';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { Bytes } from '../kubernetes/quantity';
import { PROTECTED } from '../kubernetes/protection';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { wave } from '../kubernetes/wave';
import { hubConfiguration, type ConfigurationProps } from './configuration';
import { labels, metadata, selector, TALKS_TO } from './metadata';
import { corePod, probes } from './core-pod';
import type { NodeGroup } from './placement';
import { DATABASE_CLAIM, RELEASE } from './release';

export interface HubPrograms {
  /** `jupyterhub_config.py` */
  readonly config: string;
  /** `notebook_tokens.py` */
  readonly tokens: string;
  /** `page.html`, on which all pages of the hub are built. */
  readonly page: string;
}

export interface HubProps {
  /** Texts of the programs: constructs read no files. */
  readonly programs: HubPrograms;
  readonly configuration: ConfigurationProps;
  /** Name of the Secret with the keys of `SECRET_KEYS`. */
  readonly secret: string;
  readonly database: {
    /** @default the default class of the cluster */
    readonly storageClass?: string;
    readonly size: Bytes;
  };
  readonly resources: Resources;
  /** Nodes on which hub and proxy should be. */
  readonly coreNodes: readonly NodeGroup[];
  readonly imagePullSecrets: readonly string[];
}

const FOLDER = '/usr/local/etc/jupyterhub';
const CONFIG_FILE = `${FOLDER}/jupyterhub_config.py`;

/** Annotation whose change restarts the hub, and nothing else. */
export const CONFIG_HASH = 'analysis-facility/config-sha256';

/**
 * The hub with its configuration and its database.
 *
 * There is never a second one: two would write to one database.
 *
 * @see https://jupyterhub.readthedocs.io/en/stable/reference/technical-overview.html
 */
export class Hub extends Construct {
  constructor(scope: Construct, id: string, props: HubProps) {
    super(scope, id);
    const data = {
      'af.json': `${JSON.stringify(hubConfiguration(props.configuration), undefined, 2)}\n`,
      'jupyterhub_config.py': props.programs.config,
      'notebook_tokens.py': props.programs.tokens,
      'page.html': props.programs.page,
    };
    const { storageClass, size } = props.database;
    const key = props.configuration.pool?.tokens.keySecret;

    new k8s.KubeServiceAccount(this, 'service-account', { metadata: metadata('hub', 'hub') });
    new k8s.KubeConfigMap(this, 'configuration', { metadata: metadata('hub', 'hub'), data });
    new k8s.KubeService(this, 'service', {
      metadata: metadata('hub', 'hub', {
        'prometheus.io/scrape': 'true',
        'prometheus.io/path': '/hub/metrics',
        'prometheus.io/port': String(RELEASE.ports.hub),
      }),
      spec: {
        type: 'ClusterIP',
        ipFamilyPolicy: 'PreferDualStack',
        selector: selector('hub'),
        ports: [
          {
            name: 'hub',
            port: RELEASE.ports.hub,
            protocol: 'TCP',
            targetPort: k8s.IntOrString.fromString('http'),
          },
          {
            name: 'tokens',
            port: RELEASE.ports.tokens,
            protocol: 'TCP',
            targetPort: k8s.IntOrString.fromString('tokens'),
          },
        ],
      },
    });
    new k8s.KubePersistentVolumeClaim(this, 'database', {
      // In the wave of the hub: a claim may wait for its first pod, and Argo CD would wait for the claim.
      metadata: metadata(DATABASE_CLAIM, 'hub', { ...PROTECTED, ...wave(1) }),
      spec: {
        accessModes: ['ReadWriteOnce'],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: k8s.Quantity.fromString(size.text) } },
      },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: metadata('hub', 'hub', wave(1)),
      spec: {
        replicas: 1,
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selector('hub') },
        template: {
          metadata: {
            labels: { ...labels('hub'), ...TALKS_TO.proxyApi, ...TALKS_TO.proxy, ...TALKS_TO.notebooks },
            annotations: { [CONFIG_HASH]: hashOf(data) },
          },
          spec: {
            serviceAccountName: 'hub',
            ...corePod(props),
            securityContext: {
              runAsNonRoot: true,
              fsGroup: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [container(props)],
            volumes: [
              { name: 'config', configMap: { name: 'hub' } },
              { name: 'secret', secret: { secretName: props.secret } },
              ...(key ? [{ name: 'pool', secret: { secretName: key.name } }] : []),
              { name: 'pvc', persistentVolumeClaim: { claimName: DATABASE_CLAIM } },
            ],
          },
        },
      },
    });
  }
}

/** Hash of the data of a ConfigMap, whatever the order of its keys. */
export function hashOf(data: Readonly<Record<string, string>>): string {
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}

function container({ resources, secret, configuration }: HubProps): k8s.Container {
  return {
    name: 'hub',
    image: RELEASE.images.hub,
    imagePullPolicy: 'IfNotPresent',
    args: ['jupyterhub', '--config', CONFIG_FILE, '--upgrade-db'],
    env: [
      { name: 'PYTHONUNBUFFERED', value: '1' },
      {
        name: 'CONFIGPROXY_AUTH_TOKEN',
        valueFrom: { secretKeyRef: { name: secret, key: 'auth_token' } },
      },
    ],
    ports: [
      { name: 'http', containerPort: RELEASE.ports.hub, protocol: 'TCP' },
      { name: 'tokens', containerPort: RELEASE.ports.tokens, protocol: 'TCP' },
    ],
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_FILE, subPath: 'jupyterhub_config.py' },
      { name: 'config', mountPath: `${FOLDER}/config/` },
      { name: 'secret', mountPath: `${FOLDER}/secret/`, readOnly: true },
      ...(configuration.pool ? [{ name: 'pool', mountPath: `${FOLDER}/pool/`, readOnly: true }] : []),
      { name: 'pvc', mountPath: '/srv/jupyterhub' },
    ],
    resources: resourceRequirements(resources),
    ...probes({ path: '/hub/health', port: k8s.IntOrString.fromString('http') }, 300),
    securityContext: {
      runAsUser: 1000,
      runAsGroup: 1000,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
  };
}
