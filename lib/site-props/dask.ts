import type { DaskFlows } from '../htcondor/network-policies';
import { NOTEBOOKS } from '../jupyterhub/metadata';
import { DASK, USERS_NAMESPACE } from '../jupyterhub/release';
import type { Site } from '../site/schema';

/** Between notebooks and the jobs that are workers of Dask. */
export function daskFlows({ dask }: Site): DaskFlows | undefined {
  if (!dask) return undefined;
  const { scheduler, workers, nannies } = DASK;
  return {
    notebooks: { namespace: USERS_NAMESPACE, labels: NOTEBOOKS },
    executePools: dask.overHTCondor.executePools,
    scheduler,
    workers,
    nannies,
  };
}
