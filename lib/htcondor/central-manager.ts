import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { Bytes } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { tlsCertificate, type OutsideCertificate } from './certificate';
import { accountingGroupsConfig, type Experiment } from './config/accounting-groups';
import { centralManagerConfig } from './config/central-manager';
import { commonConfig } from './config/common';
import { mapFile } from './config/map-file';
import { CENTRAL_MANAGER, metadata, serviceHost } from './metadata';
import {
  addStatefulSet,
  configMap,
  disruptionBudget,
  outsideService,
  service,
  type OutsidePort,
} from './objects';
import { daemonPod, type Placement } from './pod';
import type { Pool } from './pool';
import { IMAGES, SECRETS, type DaemonMethod } from './release';
import type { SecretFile } from './secret-copies';

export interface CentralManagerProps {
  readonly pool: Pool;
  readonly experiments: readonly Experiment[];
  readonly placement: Placement;
  readonly resources: Resources;
  readonly imagePullSecrets: readonly string[];
  /** Volume of user priorities and reconnect data. */
  readonly volume: { readonly class: string; readonly size: Bytes };
  /** Seconds between two rounds of giving slots to jobs. */
  readonly negotiatorIntervalSeconds: number;
  /** Whether the exporter may look. */
  readonly monitored: boolean;
  /** Whether experiments may use what others leave free. */
  readonly acceptSurplus: boolean;
  /** Opens the collector for reading. @default it is closed */
  readonly outside?: { readonly port: OutsidePort; readonly certificate: OutsideCertificate };
}

/** What it keeps is written as it happens: it needs no time to end. */
const GRACE_SECONDS = 30;

/**
 * Collector and negotiator: who is in the pool, and who gets which slot. Jobs go on running while it is away.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/cm-configuration.html
 */
export class CentralManager extends Construct {
  constructor(scope: Construct, id: string, props: CentralManagerProps) {
    super(scope, id);
    const { pool, experiments, outside } = props;
    const member = CENTRAL_MANAGER;
    const hostName = serviceHost(member, pool.clusterDomain);
    const audience = experiments.flatMap(({ issuers }) => issuers.flatMap((issuer) => issuer.audience));
    const config = {
      '10-common.conf': commonConfig({ ...pool, collector: hostName }),
      '20-central-manager.conf': centralManagerConfig({
        poolName: pool.name,
        hostName,
        negotiatorIntervalSeconds: props.negotiatorIntervalSeconds,
        method: pool.method,
        monitored: props.monitored,
        ...(outside ? { outsideAudience: audience } : {}),
      }),
      ...(experiments.length > 0
        ? { '30-groups.conf': accountingGroupsConfig(experiments, props.acceptSurplus) }
        : {}),
    };
    const maps = outside ? { condor_mapfile: mapFile(experiments, pool.trustDomain) } : undefined;
    const tls = outside ? tlsCertificate(member, outside.certificate, pool.clusterDomain) : undefined;

    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: metadata(member),
      automountServiceAccountToken: false,
    });
    new k8s.KubeConfigMap(this, 'config', configMap(member, '-config', config));
    if (maps) new k8s.KubeConfigMap(this, 'maps', configMap(member, '-maps', maps));
    new k8s.KubeService(this, 'service', service(member, true));
    if (outside) new k8s.KubeService(this, 'external', outsideService(member, outside.port));
    tls?.create(this);
    const pod = daemonPod({
      member,
      image: IMAGES.centralManager,
      placement: props.placement,
      resources: props.resources,
      imagePullSecrets: props.imagePullSecrets,
      config,
      ...(maps ? { maps } : {}),
      ...(tls ? { tlsSecret: tls.secretName } : {}),
      secrets: centralManagerSecrets(pool.method, props.monitored),
      readiness: ['condor_ping', '-type', 'collector', '-quiet', 'READ'],
      gracePeriodSeconds: GRACE_SECONDS,
    });
    addStatefulSet(this, member, pod, props.volume);
    new k8s.KubePodDisruptionBudget(this, 'disruption-budget', disruptionBudget(member));
  }
}

/**
 * The signing key is here and nowhere else. A pool with a password has none, so there the token of the exporter is
 * checked as access points do.
 */
export function centralManagerSecrets(method: DaemonMethod, monitored: boolean): SecretFile[] {
  return method === 'password'
    ? [
        { folder: 'pool-password', secret: SECRETS.poolPassword },
        ...(monitored ? [{ folder: 'passwords.d' as const, secret: SECRETS.monitorKey }] : []),
      ]
    : [{ folder: 'passwords.d', secret: SECRETS.signingKey }];
}
