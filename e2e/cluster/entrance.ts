import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Site } from '../../lib/site/schema';
import { definitionsOf } from './build';
import { EDGE } from './images/table';
import { applyObjects, mustKubectl } from './kubectl';

const APP = 'e2e-edge';
const CONTROLLER = 'e2e.example.org/edge';
/** Class of a site that names none. */
const CLASS = 'e2e';
const PORT = 8443;

/** A host that the entrance answers for, and the Secret, in its namespace, with the certificate. */
export interface EntranceHost {
  readonly host: string;
  readonly secret: string;
}

export interface Entrance {
  readonly namespace: string;
  /** Port of every node at which HTTPS is answered. */
  readonly nodePort: number;
  /** A route to a Service, of the kind that the site has: HTTPRoute or Ingress. */
  route(namespace: string, name: string, host: string, service: string, port: number): object;
}

/**
 * Plays what a site has in front of its cluster: the Gateway that `site.yaml` names, or a controller of its class of
 * Ingresses. Where the site has neither, Ingresses of a class `e2e`.
 *
 * @param hosts of the Gateway; Ingresses name their own certificates
 */
export function startEntrance({ cluster }: Site, nodePort: number, hosts: readonly EntranceHost[]): Entrance {
  const { ingress } = cluster;
  const space = ingress?.dataPlaneNamespace ?? APP;
  const own = ingress?.kind === 'gateway' ? ingress.gateway : { namespace: space, name: APP };
  const className = ingress?.kind === 'ingress' ? ingress.className : CLASS;
  applyGatewayDefinitions();
  const where = { name: APP, namespace: space };
  const labels = { app: APP };
  const spaces = [...new Set([space, own.namespace])];
  applyObjects(spaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
  applyObjects([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: where },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: APP },
      rules: [
        { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['list'] },
        {
          apiGroups: ['gateway.networking.k8s.io'],
          resources: ['gateways', 'httproutes'],
          verbs: ['get', 'list'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: APP },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: APP },
      subjects: [{ kind: 'ServiceAccount', ...where }],
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: CLASS },
      spec: { controllerName: CONTROLLER },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: className },
      spec: { controller: CONTROLLER },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: own,
      spec: {
        gatewayClassName: CLASS,
        listeners: hosts.map(({ host, secret }, index) => ({
          name: `https-${String(index)}`,
          protocol: 'HTTPS',
          port: 443,
          hostname: host,
          tls: { mode: 'Terminate', certificateRefs: [{ name: secret }] },
          allowedRoutes: { namespaces: { from: 'All' } },
        })),
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: where,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: APP,
            containers: [
              {
                name: APP,
                image: EDGE,
                args: ['-gateway', `${own.namespace}/${own.name}`, '-class', className],
                ports: [{ name: 'https', containerPort: PORT }],
                readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: where,
      spec: {
        type: 'NodePort',
        selector: labels,
        ports: [{ name: 'https', port: 443, targetPort: PORT, nodePort }],
      },
    },
  ]);
  mustKubectl(['rollout', 'status', `deployment/${APP}`, `--namespace=${space}`, '--timeout=90s']);
  return {
    namespace: space,
    nodePort,
    route: (namespace, name, host, service, port) =>
      ingress?.kind === 'gateway'
        ? {
            apiVersion: 'gateway.networking.k8s.io/v1',
            kind: 'HTTPRoute',
            metadata: { namespace, name },
            spec: {
              parentRefs: [own],
              hostnames: [host],
              rules: [{ backendRefs: [{ name: service, port }] }],
            },
          }
        : {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'Ingress',
            metadata: { namespace, name },
            spec: {
              ingressClassName: className,
              tls: [{ hosts: [host], secretName: hosts.find((each) => each.host === host)?.secret ?? '' }],
              rules: [
                {
                  host,
                  http: {
                    paths: [
                      {
                        path: '/',
                        pathType: 'Prefix',
                        backend: { service: { name: service, port: { number: port } } },
                      },
                    ],
                  },
                },
              ],
            },
          },
  };
}

function applyGatewayDefinitions(): void {
  const folder = definitionsOf('sigs.k8s.io/gateway-api');
  const files = readdirSync(folder).filter((file) => !file.includes('_vap_'));
  for (const file of files) mustKubectl(['apply', '--server-side', `--filename=${path.join(folder, file)}`]);
  mustKubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
}
