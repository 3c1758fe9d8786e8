import { notebookConfig } from '../htcondor/config/notebook';
import { namespaceOf, selector, serviceHost, type Member } from '../htcondor/metadata';
import { hubKeySecret } from '../htcondor/needed-secrets';
import { PORT, RELEASE, SECRETS } from '../htcondor/release';
import type { DaskOverHTCondor } from '../jupyterhub/dask';
import type { PoolAccess } from '../jupyterhub/pool-access';
import { NAMESPACE } from '../jupyterhub/release';
import { ACCESS_POINT_FILE, POOL_TOKENS_FOLDER } from '../jupyterhub/tokens';
import type { NeededSecret } from '../kubernetes/needed-secret';
import type { Site } from '../site/schema';
import { pool } from './htcondor';

/** What notebooks are given of the pool; the first access point is theirs. */
export function poolAccess(site: Site): PoolAccess | undefined {
  const { htcondor, dask } = site;
  const [first] = htcondor?.accessPoints ?? [];
  if (!htcondor || !first) return undefined;
  const { trustDomain, clusterDomain } = pool(site, htcondor);
  const member: Member = { role: 'access-point', name: first.name };
  return {
    tokens: { trustDomain, keySecret: SECRETS.hubKey },
    clientConfig: notebookConfig({
      addressFile: ACCESS_POINT_FILE,
      trustDomain,
      tokens: POOL_TOKENS_FOLDER,
    }),
    accessPoint: { host: serviceHost(member, clusterDomain), version: RELEASE.version },
    accessPoints: { namespace: namespaceOf(member), labels: selector({ role: 'access-point' }), port: PORT },
    ...(dask ? { dask: daskOverHTCondor(dask.overHTCondor) } : {}),
  };
}

function daskOverHTCondor(dask: NonNullable<Site['dask']>['overHTCondor']): DaskOverHTCondor {
  const members = dask.executePools.map((name): Member => ({ role: 'execute', name }));
  return {
    ...dask,
    workers: members.map((member) => ({ namespace: namespaceOf(member), labels: selector(member) })),
  };
}

/** Secrets that the hub needs to make tokens of the pool. */
export function poolAccessSecrets({ site, htcondor }: Site): NeededSecret[] {
  return htcondor ? [hubKeySecret(site.name, NAMESPACE)] : [];
}
