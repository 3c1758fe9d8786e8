import { dataEgress } from './experiments';
import { accountingGroup } from '../htcondor/release';
import { subgroupName } from '../htcondor/config/accounting-groups';
import type { ClientKitProps, KitExperiment, OpenAccessPoint, Trust, Workers } from '../client-kit/props';
import { entranceHost } from '../site/hub-plan';
import { issuerSecret } from '../site/issuer-secret';
import { outsideIssuer } from '../site/outside-issuer';
import { POOL_CA, type CaCertificate } from '../site/pool-ca';
import type { Site } from '../site/schema';
import type { Issuer } from '../site/schema/certificates';
import type { HTCondor } from '../site/schema/htcondor';
import { pool } from './htcondor';

/** Why a site has no kit, in words that end a sentence about the site. */
export interface NoKit {
  readonly reason: string;
}

/** @param poolCa the certificates that the site has committed @default none */
export function clientKitProps(site: Site, poolCa?: readonly CaCertificate[]): ClientKitProps | NoKit {
  const { htcondor, jupyterhub } = site;
  if (!htcondor) return { reason: 'has no section htcondor, so there is no pool to be a client of' };
  const { external, centralManager, jobs } = htcondor;
  const [first, ...others] = accessPoints(htcondor);
  const issuer = outsideIssuer(site);
  if (!external || !first || !issuer)
    return {
      reason:
        'opens no access point to the outside: it needs htcondor.external and external.port of an access point',
    };
  if (site.experiments.length === 0)
    return { reason: 'has no experiments, so there is nobody whose tokens an access point takes' };
  if (!poolCa && issuer.type === 'acme' && issuer.server === 'letsencrypt-staging')
    return {
      reason: `has its certificate from letsencrypt-staging, which no machine trusts: change issuer ${issuer.name} to letsencrypt-production, or commit the root of the staging server as sites/${site.site.name}/${POOL_CA}`,
    };
  return {
    site: site.site.name,
    displayName: site.site.displayName,
    hostName: external.hostName,
    accessPoints: [first, ...others],
    ...(centralManager.external ? { collectorPort: centralManager.external.port } : {}),
    ...(external.allowFrom ? { allowFrom: external.allowFrom } : {}),
    trustDomain: pool(site, htcondor).trustDomain,
    trust: trustOf(issuer, poolCa),
    experiments: experiments(site, htcondor),
    workers: workers(site, htcondor),
    limits: {
      wallTimeSeconds: jobs.maxWallTime.seconds,
      ...(jobs.maxScratch ? { scratch: jobs.maxScratch.text } : {}),
    },
    hasCvmfs: jobs.cvmfs !== undefined,
    hasContainers: htcondor.executePools.some(({ apptainer }) => apptainer !== undefined),
    jobEgress: [...jobs.egress.map(({ name }) => name), ...dataEgress(site).map(({ reason }) => reason)],
    ...(jupyterhub ? { hub: entranceHost(jupyterhub) } : {}),
    contacts: site.site.contacts,
  };
}

function accessPoints({ accessPoints: all }: HTCondor): OpenAccessPoint[] {
  return all.flatMap(({ name, external, maxJobsPerOwner }) =>
    external ? [{ name, port: external.port, maxJobsPerOwner }] : [],
  );
}

function trustOf(issuer: Issuer, poolCa: readonly CaCertificate[] | undefined): Trust {
  if (poolCa) return { type: 'ca', certificates: poolCa };
  return issuer.type === 'acme'
    ? { type: 'public' }
    : { type: 'missing', issuer: issuer.name, secret: issuerSecret(issuer) };
}

function experiments(site: Site, { accounting }: HTCondor): KitExperiment[] {
  return site.experiments.map(({ name, tokenIssuers }) => ({
    name,
    issuers: tokenIssuers.map(({ url, audience }) => ({ url, audience })),
    groups: [
      accountingGroup(name),
      ...accounting.subgroups
        .filter(({ experiment }) => experiment === name)
        .map((subgroup) => subgroupName(name, subgroup.name)),
    ],
  }));
}

function workers({ nodePools }: Site, { executePools }: HTCondor): Workers[] {
  return executePools.map(({ name, pool: nodes, slot, start }) => ({
    name,
    cpus: slot.cpus,
    memory: slot.memory.text,
    disk: slot.disk.text,
    ...(slot.gpus
      ? {
          gpus: {
            count: slot.gpus.count,
            product: nodePools.find((each) => each.name === nodes)?.gpu?.product ?? slot.gpus.resource,
          },
        }
      : {}),
    ...(start ? { onlyFor: start.experiments } : {}),
  }));
}
