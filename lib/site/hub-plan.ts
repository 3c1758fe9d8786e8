import type { Site } from './schema';
import type { JupyterHub } from './schema/jupyterhub';
import type { NodePool } from './schema/node-pools';
import type { Profile } from './schema/profiles';

/** What follows from the hub's part of a site, for rules and for props alike. */

/** Public host name of the hub. */
export function entranceHost({ entrance }: JupyterHub): string {
  return entrance.kind === 'ingress' ? entrance.host : entrance.tlsFront.host;
}

/** Redirect URI that the client at the log-in service must have. */
export function callbackUrl(jupyterhub: JupyterHub): string {
  return `https://${entranceHost(jupyterhub)}/hub/oauth_callback`;
}

/** Groups whose members may log in: those that the site states, or the members of its experiments. */
export function allowedGroups({
  identity,
  experiments,
}: Pick<Site, 'identity' | 'experiments'>): readonly string[] {
  return (
    identity?.login.allow?.groups ?? [
      ...new Set(experiments.flatMap(({ groups }) => (groups ? [groups.members] : []))),
    ]
  );
}

/** Pools on which a profile runs; a profile without GPUs stays off nodes that have some, unless the site says so or has no others. */
export function profilePools(nodePools: readonly NodePool[], { pools, gpu }: Profile): readonly NodePool[] {
  const choice = nodePools.some((pool) => !pool.gpu);
  return nodePools.filter(({ name, roles, gpu: cards }) =>
    pools
      ? pools.includes(name)
      : roles.includes('user') && (gpu ? cards !== undefined : cards === undefined || !choice),
  );
}

/** GPUs that a node of a pool offers, by resource. */
export function offeredGpus({ gpu }: NodePool): Readonly<Record<string, number>> {
  if (!gpu) return {};
  switch (gpu.sharing?.strategy) {
    case 'mig':
      return Object.fromEntries(
        Object.entries(gpu.sharing.layout).map(([slice, count]) => [`nvidia.com/${slice}`, count]),
      );
    case 'timeSlicing':
      return { 'nvidia.com/gpu': gpu.perNode * gpu.sharing.replicas };
    default:
      return { 'nvidia.com/gpu': gpu.perNode };
  }
}

/** Issuer of the certificate of an Ingress: the stated one, or the only one. */
export function tlsIssuer(
  { certificates }: Pick<Site, 'certificates'>,
  entrance: { readonly issuer?: string | undefined },
): string | undefined {
  const issuers = certificates?.issuers ?? [];
  return entrance.issuer ?? (issuers.length === 1 ? issuers[0]?.name : undefined);
}
