import { textAt } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { COREDNS } from './images/table';
import { applyObjects, mustKubectl } from './kubectl';

const APP = 'coredns';
/** Key with the names that are played, for those that come later. */
const PLAYED = 'hosts.json';

/** Answers about the cluster, and about what a suite plays of the world outside; no other name exists. */
function corefile(hosts: Readonly<Record<string, string>>): string {
  const played = Object.entries(hosts).map(
    ([name, address]) => `${name}:53 {
    errors
    template IN A ${name} {
        match ^${name.replaceAll('.', '[.]')}[.]$
        answer "{{ .Name }} 5 IN A ${address}"
    }
    template ANY ANY {
        rcode NOERROR
    }
}
`,
  );
  return `cluster.local:53 in-addr.arpa:53 {
    errors
    kubernetes cluster.local in-addr.arpa {
        pods insecure
        ttl 5
    }
    cache 5
}
${played.join('')}.:53 {
    errors
    health
    ready
    reload 2s
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`;
}

/** CoreDNS in the namespace and with the labels that the site declares. */
export function startDns({ cluster }: Site, clusterIP: string): void {
  const { namespace, podLabels } = cluster.dns;
  const where = { name: APP, namespace };
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  applyObjects([
    ...(namespace === 'kube-system'
      ? []
      : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: where },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: `e2e:${APP}` },
      rules: [
        { apiGroups: [''], resources: ['services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `e2e:${APP}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `e2e:${APP}` },
      subjects: [{ kind: 'ServiceAccount', ...where }],
    },
    configuration(namespace, {}),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: where,
      spec: {
        selector: { matchLabels: podLabels },
        template: {
          metadata: { labels: podLabels },
          spec: {
            serviceAccountName: APP,
            dnsPolicy: 'Default',
            priorityClassName: 'system-cluster-critical',
            // On any real node; a simulated one says another thing of itself.
            tolerations: [{ operator: 'Exists' }],
            nodeSelector: REAL,
            containers: [
              {
                name: APP,
                image: COREDNS,
                args: ['-conf', '/etc/coredns/Corefile'],
                ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
                readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
                },
                volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
              },
            ],
            volumes: [{ name: 'config', configMap: { name: APP } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace, labels: podLabels },
      spec: {
        clusterIP,
        selector: podLabels,
        ports: ports.map((port) => ({ ...port, targetPort: port.port })),
      },
    },
  ]);
  mustKubectl(['rollout', 'status', `deployment/${APP}`, `--namespace=${namespace}`, '--timeout=90s']);
}

/** What real nodes say of themselves. */
export const REAL = { 'e2e/real': 'true' };

/** Names outside of the cluster, and where the suite plays them, beside those that it plays already; they are known some seconds later. */
export function playHosts({ cluster }: Site, hosts: Readonly<Record<string, string>>): void {
  const { namespace } = cluster.dns;
  const map: unknown = JSON.parse(
    mustKubectl(['get', 'configmap', APP, `--namespace=${namespace}`, '--output=json']),
  );
  const played = JSON.parse(textAt(map, 'data', PLAYED) ?? '{}') as Readonly<Record<string, string>>;
  applyObjects([configuration(namespace, { ...played, ...hosts })]);
}

function configuration(namespace: string, hosts: Readonly<Record<string, string>>): object {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: APP, namespace },
    data: { Corefile: corefile(hosts), [PLAYED]: JSON.stringify(hosts) },
  };
}
