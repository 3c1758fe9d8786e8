import { NAMESPACE as CERT_MANAGER } from '../cert-manager/release';
import { EXECUTE_NAMESPACE, NAMESPACE as HTCONDOR_NAMESPACE } from '../htcondor/release';
import { NAMESPACE as HUB, USERS_NAMESPACE } from '../jupyterhub/release';
import { NAMESPACE as LONGHORN } from '../longhorn/release';
import type { FacilityNamespace } from '../namespaces/namespaces';
import type { Site } from '../site/schema';
import { usersQuota } from './notebooks';
import { executorNamespaces } from './spark';

export function facilityNamespaces(site: Site): FacilityNamespace[] {
  const { certificates, storage, htcondor, jupyterhub, spark } = site;
  return [
    ...(certificates ? [{ name: CERT_MANAGER, podSecurity: 'restricted' as const }] : []),
    ...(storage
      ? [
          {
            name: LONGHORN,
            podSecurity: 'privileged' as const,
            reason: 'Longhorn mounts disks of the node and loads volumes into its kernel',
          },
        ]
      : []),
    ...(htcondor ? HTCONDOR : []),
    ...(spark ? executorNamespaces(site, spark) : []),
    ...(jupyterhub
      ? JUPYTERHUB.map((each) =>
          each.name === USERS_NAMESPACE ? { ...each, quota: usersQuota(site, jupyterhub) } : each,
        )
      : []),
  ];
}

export const HTCONDOR: readonly FacilityNamespace[] = [
  { name: HTCONDOR_NAMESPACE, podSecurity: 'restricted' },
  {
    name: EXECUTE_NAMESPACE,
    podSecurity: 'baseline',
    reason: 'the starter changes to the user of each job, which needs root',
  },
];

export const JUPYTERHUB: readonly FacilityNamespace[] = [
  { name: HUB, podSecurity: 'restricted' },
  { name: USERS_NAMESPACE, podSecurity: 'restricted' },
];
