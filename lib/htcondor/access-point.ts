import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { Bytes } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { tlsCertificate, type OutsideCertificate } from './certificate';
import { accessPointConfig, type JobLimits } from './config/access-point';
import { groupMap, type Experiment } from './config/accounting-groups';
import { commonConfig } from './config/common';
import { mapFile } from './config/map-file';
import { CENTRAL_MANAGER, metadata, serviceHost, type Member } from './metadata';
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

export interface AccessPointProps {
  readonly name: string;
  readonly pool: Pool;
  readonly experiments: readonly Experiment[];
  readonly placement: Placement;
  readonly resources: Resources;
  readonly imagePullSecrets: readonly string[];
  readonly spool: { readonly class: string; readonly size: Bytes };
  readonly limits: JobLimits;
  readonly maxJobsPerOwner: number;
  /** Whole days for which history and audit log are kept. */
  readonly auditDays: number;
  /** Whether it trusts the tokens that the hub makes for notebooks. */
  readonly trustsHub: boolean;
  /** Whether the exporter may look. */
  readonly monitored: boolean;
  /** Whether workers of the pool run jobs in containers. */
  readonly hasContainers: boolean;
  /** Opens it to clients outside. @default only pods reach it */
  readonly outside?: { readonly port: OutsidePort; readonly certificate: OutsideCertificate };
}

/** Time for shadows to write down how far their jobs are; the jobs go on and are found again. */
const GRACE_SECONDS = 60;

/**
 * Takes jobs and keeps their queue, on a volume that outlives it.
 *
 * It runs without root and still keeps users apart, because each job belongs to a name of the map file and none to an
 * account of the pod.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/ap-policy-configuration.html
 */
export class AccessPoint extends Construct {
  constructor(scope: Construct, id: string, props: AccessPointProps) {
    super(scope, id);
    const { pool, experiments, outside } = props;
    const member: Member = { role: 'access-point', name: props.name };
    const audience = experiments.flatMap(({ issuers }) => issuers.flatMap((issuer) => issuer.audience));
    const hasGroups = experiments.length > 0;
    const config = {
      '10-common.conf': commonConfig({
        ...pool,
        collector: serviceHost(CENTRAL_MANAGER, pool.clusterDomain),
      }),
      '20-access-point.conf': accessPointConfig({
        name: props.name,
        hostName: serviceHost(member, pool.clusterDomain),
        method: pool.method,
        trustsHub: props.trustsHub,
        monitored: props.monitored,
        ...(outside ? { outsideAudience: audience } : {}),
        limits: props.limits,
        maxJobsPerOwner: props.maxJobsPerOwner,
        auditDays: props.auditDays,
        hasGroups,
        hasContainers: props.hasContainers,
      }),
    };
    const maps = {
      condor_mapfile: mapFile(outside ? experiments : [], pool.trustDomain),
      ...(hasGroups ? { groups: groupMap(experiments) } : {}),
    };
    const tls = outside ? tlsCertificate(member, outside.certificate, pool.clusterDomain) : undefined;

    new k8s.KubeConfigMap(this, 'config', configMap(member, '-config', config));
    new k8s.KubeConfigMap(this, 'maps', configMap(member, '-maps', maps));
    new k8s.KubeService(this, 'service', service(member, false));
    if (outside) new k8s.KubeService(this, 'external', outsideService(member, outside.port));
    tls?.create(this);
    const pod = daemonPod({
      member,
      image: IMAGES.accessPoint,
      placement: props.placement,
      resources: props.resources,
      imagePullSecrets: props.imagePullSecrets,
      config,
      maps,
      secrets: accessPointSecrets(pool.method, props),
      ...(tls ? { tlsSecret: tls.secretName } : {}),
      readiness: ['condor_ping', '-type', 'schedd', '-quiet', 'READ'],
      gracePeriodSeconds: GRACE_SECONDS,
    });
    addStatefulSet(this, member, pod, props.spool);
    new k8s.KubePodDisruptionBudget(this, 'disruption-budget', disruptionBudget(member));
  }
}

/** The account that all access points run as. */
export function accessPointAccount(): k8s.KubeServiceAccountProps {
  return { metadata: metadata({ role: 'access-point' }), automountServiceAccountToken: false };
}

export function accessPointSecrets(
  method: DaemonMethod,
  { trustsHub, monitored }: Pick<AccessPointProps, 'trustsHub' | 'monitored'>,
): SecretFile[] {
  return [
    method === 'password'
      ? { folder: 'pool-password', secret: SECRETS.poolPassword }
      : { folder: 'tokens.d', secret: SECRETS.accessPointToken },
    ...(trustsHub ? [{ folder: 'passwords.d' as const, secret: SECRETS.hubKey }] : []),
    ...(monitored ? [{ folder: 'passwords.d' as const, secret: SECRETS.monitorKey }] : []),
  ];
}
