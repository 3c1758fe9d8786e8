import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { cpu } from '../kubernetes/quantity';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import type { Experiment } from './config/accounting-groups';
import { commonConfig, PATHS } from './config/common';
import { exporterConfig } from './config/exporter';
import type { ExecutePoolProps } from './execute-pool';
import { CENTRAL_MANAGER, EXPORTER_MEMBER, metadata, selector, serviceHost } from './metadata';
import { configMap } from './objects';
import { commonSpec, template, type Placement } from './pod';
import type { Pool } from './pool';
import { accountingGroup, EXPORTER, IMAGES, PORT, SECRETS, TOKEN_EXPIRY, type DaemonMethod } from './release';
import { PREPARE_SECRETS } from './scripts';
import { REFRESH_RESOURCES, secretCopies, type SecretFile } from './secret-copies';
import { CONFINED, UNPRIVILEGED } from './security';

export interface ExporterProps {
  readonly pool: Pool;
  readonly experiments: readonly Experiment[];
  readonly imagePullSecrets: readonly string[];
  readonly placement: Placement;
  /** Files of the Python program by name; `exporter.py` is the one that is run. */
  readonly program: Readonly<Record<string, string>>;
  /** Names of the access points. */
  readonly accessPoints: readonly string[];
  readonly executePools: readonly Pick<ExecutePoolProps, 'name' | 'slot' | 'experiments' | 'apptainer'>[];
}

const PATH = { program: '/opt/exporter', settings: '/etc/exporter', expiry: '/run/token-expiry' } as const;

/** The tools read ten thousand jobs into about 100 MiB. */
const RESOURCES: Resources = {
  requests: { cpu: cpu(50), memory: { bytes: 64 * 1024 ** 2, text: '64Mi' } },
  limits: { memory: { bytes: 512 * 1024 ** 2, text: '512Mi' } },
};

/**
 * Tells Prometheus how the pool is, and KEDA how many workers its idle jobs want.
 *
 * It asks as everybody does, by HTCondor's tools and over the network, so that it sees what a client sees. Its tokens
 * may read and nothing else; of all other tokens it knows when they end, from a ConfigMap.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/man-pages/condor_status.html
 */
export class Exporter extends Construct {
  constructor(scope: Construct, id: string, props: ExporterProps) {
    super(scope, id);
    const { pool } = props;
    const member = EXPORTER_MEMBER;
    const config = {
      '10-common.conf': commonConfig({
        ...pool,
        collector: serviceHost(CENTRAL_MANAGER, pool.clusterDomain),
      }),
      '20-exporter.conf': exporterConfig(),
    };
    const settings = { 'settings.json': `${JSON.stringify(exporterSettings(props), undefined, 2)}\n` };
    const secrets = secretCopies(IMAGES.centralManager, exporterSecrets(pool.method));
    const image = {
      image: IMAGES.centralManager,
      imagePullPolicy: 'IfNotPresent',
      securityContext: CONFINED,
    };

    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: metadata(member),
      automountServiceAccountToken: false,
    });
    new k8s.KubeConfigMap(this, 'config', configMap(member, '-config', config));
    new k8s.KubeConfigMap(this, 'settings', configMap(member, '-settings', settings));
    new k8s.KubeConfigMap(this, 'program', configMap(member, '-program', props.program));
    new k8s.KubeService(this, 'service', {
      metadata: metadata(member),
      spec: {
        type: 'ClusterIP',
        selector: selector(member),
        ports: [
          {
            name: 'http',
            port: EXPORTER.port,
            protocol: 'TCP',
            targetPort: k8s.IntOrString.fromString('http'),
          },
        ],
      },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: metadata(member),
      spec: {
        replicas: 1,
        revisionHistoryLimit: 2,
        selector: { matchLabels: selector(member) },
        template: {
          metadata: template(member, { ...config, ...settings, ...props.program }),
          spec: {
            ...commonSpec({ ...props, member, gracePeriodSeconds: 5 }),
            securityContext: UNPRIVILEGED,
            initContainers: [
              {
                name: 'prepare',
                ...image,
                command: ['sh', '-c', PREPARE_SECRETS],
                resources: resourceRequirements(REFRESH_RESOURCES),
                volumeMounts: secrets.sources,
              },
            ],
            containers: [
              {
                name: EXPORTER.name,
                ...image,
                securityContext: { ...CONFINED, readOnlyRootFilesystem: true },
                command: [
                  'python3',
                  '-B',
                  `${PATH.program}/exporter.py`,
                  `${PATH.settings}/settings.json`,
                  PATH.expiry,
                ],
                ports: [{ name: 'http', containerPort: EXPORTER.port, protocol: 'TCP' }],
                resources: resourceRequirements(RESOURCES),
                readinessProbe: {
                  httpGet: { path: EXPORTER.healthPath, port: k8s.IntOrString.fromString('http') },
                  periodSeconds: 10,
                },
                volumeMounts: [
                  { name: 'config', mountPath: PATHS.config, readOnly: true },
                  ...secrets.copies,
                  { name: 'settings', mountPath: PATH.settings, readOnly: true },
                  { name: 'program', mountPath: PATH.program, readOnly: true },
                  { name: 'token-expiry', mountPath: PATH.expiry, readOnly: true },
                ],
              },
              secrets.refresher,
            ],
            volumes: [
              ...['config', 'settings', 'program'].map((name) => ({
                name,
                configMap: { name: `${EXPORTER.name}-${name}` },
              })),
              // Comes with the tokens: what is not known is alerted, and holds up nothing.
              { name: 'token-expiry', configMap: { name: TOKEN_EXPIRY, optional: true } },
              ...secrets.volumes,
            ],
          },
        },
      },
    });
  }
}

/** With a password there is no key of the pool: one token is for central manager and access points. */
export function exporterSecrets(method: DaemonMethod): SecretFile[] {
  return [...(method === 'password' ? [] : [SECRETS.monitorToken]), SECRETS.monitorQueueToken].map(
    (secret) => ({ folder: 'tokens.d' as const, secret }),
  );
}

const MEBIBYTE = 1024 ** 2;

/** The pool as the program reads it; amounts in the units of HTCondor. */
export function exporterSettings({ pool, experiments, accessPoints, executePools }: ExporterProps) {
  return {
    port: EXPORTER.port,
    accessPoints: Object.fromEntries(
      accessPoints.map((name) => [
        name,
        `${serviceHost({ role: 'access-point', name }, pool.clusterDomain)}:${String(PORT)}`,
      ]),
    ),
    experiments: Object.fromEntries(experiments.map(({ name }) => [accountingGroup(name), name])),
    pools: Object.fromEntries(
      executePools.map(({ name, slot, apptainer, experiments: only }) => [
        name,
        {
          cpus: slot.cpus,
          memory: Math.floor(slot.memory.bytes / MEBIBYTE),
          disk: Math.floor(slot.disk.bytes / 1024),
          gpus: slot.gpus?.count ?? 0,
          containers: apptainer !== undefined,
          ...(only ? { groups: only.map(accountingGroup) } : {}),
        },
      ]),
    ),
  };
}
