import { NAMESPACE as CERT_MANAGER } from '../../cert-manager/release';
import { EXECUTE_NAMESPACE, NAMESPACE as HTCONDOR } from '../../htcondor/release';
import { NAMESPACE as HUB, USERS_NAMESPACE } from '../../jupyterhub/release';
import { NAMESPACE as LONGHORN } from '../../longhorn/release';
import { executorNamespace } from '../../spark/release';
import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';

export const namespacesApart: SiteRule = {
  id: 'AF-REF-10',
  why: 'In a namespace of the facility its policies cut off what the cluster has there, and its own pods, those of users too, get the rights of that.',
  check({ cluster, certificates, storage, htcondor, jupyterhub, spark, monitoring, autoscaling }) {
    const own = [
      ...(certificates ? [CERT_MANAGER] : []),
      ...(storage ? [LONGHORN] : []),
      ...(htcondor ? [HTCONDOR, EXECUTE_NAMESPACE] : []),
      ...(jupyterhub ? [HUB, USERS_NAMESPACE] : []),
      ...(spark?.experiments ?? []).map(({ name }) => executorNamespace(name)),
    ];
    const others: readonly [string | undefined, string, Path][] = [
      [cluster.argocd.namespace, 'argocd', ['cluster', 'argocd', 'namespace']],
      [cluster.dns.namespace, 'kube-system', ['cluster', 'dns', 'namespace']],
      [cluster.ingress?.dataPlaneNamespace, 'ingress', ['cluster', 'ingress', 'dataPlaneNamespace']],
      [monitoring?.prometheus.namespace, 'monitoring', ['monitoring', 'prometheus', 'namespace']],
      [autoscaling?.keda.namespace, 'keda', ['autoscaling', 'keda', 'namespace']],
    ];
    return others.flatMap(([name, value, path]): Finding[] => {
      if (name === undefined || !own.includes(name)) return [];
      const expected = 'a namespace that is none of the facility';
      return [
        { path, expected, got: JSON.stringify(name), fix: { kind: 'set', path, value, example: true } },
      ];
    });
  },
};
