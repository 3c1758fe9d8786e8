import type { k8s } from 'cdk8s-plus-27';
import type { OutsideCertificate } from '../htcondor/certificate';
import type { Experiment } from '../htcondor/config/accounting-groups';
import type { HTCondorProps } from '../htcondor/htcondor';
import { neededSecrets } from '../htcondor/needed-secrets';
import type { OutsidePort } from '../htcondor/objects';
import type { Placement } from '../htcondor/pod';
import type { Pool } from '../htcondor/pool';
import { EXECUTE_NAMESPACE, NAMESPACE, STATE_VOLUME } from '../htcondor/release';
import type { NeededSecret } from '../kubernetes/needed-secret';
import { USERS_NAMESPACE } from '../jupyterhub/release';
import { gpuLabels } from '../site/node-labels';
import { outsideIssuer } from '../site/outside-issuer';
import type { Site } from '../site/schema';
import type { HTCondor } from '../site/schema/htcondor';
import { clusterNetwork, pullSecrets } from './cluster';
import { dataEgress } from './experiments';
import { daskFlows } from './dask';

const DAY = 86_400;

/** Whether somebody asks how the pool is, so that there is an exporter. */
export function isMonitored({ monitoring, autoscaling }: Site): boolean {
  return monitoring !== undefined || autoscaling !== undefined;
}

/** @param exporter files of the exporter's program */
export function htcondorProps(
  site: Site,
  htcondor: HTCondor,
  exporter: Readonly<Record<string, string>>,
): HTCondorProps {
  const { cluster, jupyterhub, autoscaling } = site;
  const { centralManager, accessPoints, executePools, jobs, accounting } = htcondor;
  const certificate = outsideCertificate(site, htcondor);
  const dask = daskFlows(site);
  const outside = (open: { readonly port: number } | undefined) =>
    open && certificate ? { outside: { port: outsidePort(htcondor, open.port), certificate } } : {};
  return {
    pool: pool(site, htcondor),
    cluster: clusterNetwork(site),
    nodeCidrs: cluster.nodeCIDRs,
    experiments: experiments(site, htcondor),
    centralManager: {
      placement: placement(site, centralManager.pool),
      resources: centralManager.resources,
      volume: { class: accessPoints[0]?.spool.class ?? '', size: STATE_VOLUME },
      negotiatorIntervalSeconds: centralManager.negotiatorInterval.seconds,
      acceptSurplus: accounting.acceptSurplus,
      ...outside(centralManager.external),
    },
    accessPoints: accessPoints.map((point) => ({
      name: point.name,
      placement: placement(site, point.pool),
      resources: point.resources,
      spool: point.spool,
      limits: {
        wallTimeSeconds: jobs.maxWallTime.seconds,
        ...(jobs.maxScratch ? { scratch: jobs.maxScratch } : {}),
      },
      maxJobsPerOwner: point.maxJobsPerOwner,
      auditDays: Math.ceil(point.audit.seconds / DAY),
      trustsHub: jupyterhub !== undefined,
      ...outside(point.external),
    })),
    executePools: executePools.map(({ name, pool: nodes, image, apptainer, slot, scale, start }) => ({
      name,
      slot: {
        cpus: slot.cpus,
        memory: slot.memory,
        disk: slot.disk,
        ...(slot.gpus ? { gpus: slot.gpus } : {}),
      },
      placement: placement(site, nodes),
      workers: scale.min,
      ...(autoscaling && scale.max > scale.min
        ? { extra: { most: scale.max - scale.min, idleSeconds: scale.idleTimeout.seconds } }
        : {}),
      drainSeconds: scale.drainTimeout.seconds,
      ...(image === undefined ? {} : { image: imageRef(site, image) }),
      ...(apptainer ? { apptainer } : {}),
      ...(start ? { startOnly: start.experiments } : {}),
    })),
    jobEgress: [...jobs.egress, ...dataEgress(site)],
    ...(isMonitored(site)
      ? {
          exporter: {
            program: exporter,
            placement: placement(site, centralManager.pool),
            ...(autoscaling ? { demandReader: autoscaling.keda.namespace } : {}),
            ...(site.monitoring ? { monitoring: monitoring(site.monitoring) } : {}),
          },
        }
      : {}),
    ...(jupyterhub ? { notebooks: USERS_NAMESPACE } : {}),
    ...(dask ? { dask } : {}),
    ...(jobs.cvmfs ? { cvmfsStorageClass: jobs.cvmfs.storageClass } : {}),
    ...(cluster.imagePullSecrets.length === 0 ? {} : { imagePullSecrets: cluster.imagePullSecrets }),
  };
}

function monitoring({ prometheus, runbooks }: NonNullable<Site['monitoring']>) {
  return {
    operator: prometheus.operator,
    labels: prometheus.labels,
    ...(runbooks === undefined ? {} : { runbooks }),
  };
}

export function pool({ site, cluster }: Site, { poolName, trustDomain, security }: HTCondor): Pool {
  return {
    // A macro would be put in, and a backslash at the end would swallow the next line of the configuration.
    name: poolName ?? site.displayName.replace(/[$\\]/g, ''),
    trustDomain: trustDomain ?? site.domain,
    clusterDomain: cluster.dns.domain,
    method: security.daemons.method,
  };
}

export function htcondorSecrets(site: Site, { security }: HTCondor): NeededSecret[] {
  const hub = site.jupyterhub !== undefined;
  return [
    ...neededSecrets({
      site: site.site.name,
      method: security.daemons.method,
      hub,
      monitored: isMonitored(site),
    }),
    ...[NAMESPACE, EXECUTE_NAMESPACE].flatMap((namespace) => pullSecrets(site, namespace)),
  ];
}

function experiments({ experiments: all }: Site, { accounting }: HTCondor): Experiment[] {
  return all.map(({ name, share, tokenIssuers }) => ({
    name,
    share,
    issuers: tokenIssuers.map(({ url, audience, networks }) => ({
      url,
      audience,
      ...(networks ? { networks } : {}),
    })),
    subgroups: accounting.subgroups
      .filter(({ experiment }) => experiment === name)
      .map((subgroup) => ({ name: subgroup.name, percent: subgroup.share })),
  }));
}

function imageRef({ images }: Site, wanted: string): string {
  const image = images.find(({ name }) => name === wanted);
  if (!image) throw new Error(`rule AF-REF-22 lets no image ${wanted} through that is not declared`);
  return image.ref;
}

/** Labels and taints of a node pool. */
function placement({ nodePools }: Site, name: string): Placement {
  const nodes = nodePools.find((candidate) => candidate.name === name);
  if (!nodes) throw new Error(`rule AF-REF-02 lets no pool ${name} through that is not declared`);
  return {
    nodeSelector: gpuLabels(nodes),
    tolerations: nodes.taints.map(({ key, value, effect }): k8s.Toleration =>
      value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect },
    ),
  };
}

function outsidePort({ external }: HTCondor, port: number): OutsidePort {
  return {
    port,
    serviceType: external?.serviceType ?? 'NodePort',
    ...(external?.allowFrom ? { allowFrom: external.allowFrom } : {}),
  };
}

function outsideCertificate(site: Site, { external }: HTCondor): OutsideCertificate | undefined {
  const issuer = outsideIssuer(site);
  if (!external || !issuer) return undefined;
  return { issuer: issuer.name, signsInternalNames: issuer.type !== 'acme', hostName: external.hostName };
}
