import type { Site } from '../../lib/site/schema';

/**
 * Who may reach whom, written by hand from what the programs do, and not from the policies of dist: the flows that the
 * platform needs. Everything else between the places below is expected to be dropped.
 */
export interface DeclaredFlow {
  /** Names of places. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Of {@link PORTS}. @default all of them */
  readonly ports?: readonly number[];
  readonly because: string;
}

/** Ports that are tried at every place. */
export const PORTS: readonly number[] = [53, 80, 443, 2049, 6443, 8080, 9402, 9500, 9501, 9502, 9503, 10_250];

/** Pods of the suite, with the labels of Longhorn's: Longhorn itself does not run here. */
export const LONGHORN_PODS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  manager: {
    app: 'longhorn-manager',
    'longhorn.io/admission-webhook': 'longhorn-admission-webhook',
    'longhorn.io/recovery-backend': 'longhorn-recovery-backend',
  },
  ui: { app: 'longhorn-ui' },
  'csi-plugin': { app: 'longhorn-csi-plugin' },
  instance: { 'longhorn.io/component': 'instance-manager' },
  image: { 'longhorn.io/component': 'backing-image-manager' },
  share: { 'longhorn.io/component': 'share-manager' },
  job: { 'recurring-job.longhorn.io': 'nightly', 'longhorn.io/managed-by': 'longhorn-manager' },
};

/** Namespaces of the facility in which a pod that no policy knows is tried. */
export const PLAIN = [
  'htcondor',
  'htcondor-execute',
  'jupyterhub',
  'jupyterhub-users',
  'cert-manager',
] as const;
export const plain = (namespace: string) => `plain pod of ${namespace}`;

export const CERT_MANAGER_PODS = ['controller', 'cainjector', 'webhook'] as const;

/** Places that are no pods: a node that the pod does not run on, and the machine of the API server. */
export const ANOTHER_NODE = 'another node';
export const API_MACHINE = 'api machine';

/** Addresses in the world outside, of which this machine is the owner for the time of the suite. */
export const WORLD = { world: '198.18.9.9', backup: '203.0.113.10' } as const;

/** Namespaces that are not the facility's own: nothing there is policed. */
export function otherNamespaces(site: Site): Readonly<Record<string, string>> {
  const monitoring = site.monitoring?.prometheus.namespace;
  return {
    stranger: 'e2e-stranger',
    ...(monitoring === undefined ? {} : { prometheus: monitoring }),
    ...(site.cluster.ingress ? { edge: site.cluster.ingress.dataPlaneNamespace } : {}),
  };
}

export function declaredFlows(site: Site): readonly DeclaredFlow[] {
  const longhorn = Object.keys(LONGHORN_PODS);
  const others = Object.keys(otherNamespaces(site));
  const outside = [...others, ANOTHER_NODE];
  const policed = [...CERT_MANAGER_PODS, ...longhorn];
  const acme = site.certificates?.issuers.some(({ type }) => type === 'acme') === true;
  const backup = site.storage?.longhorn.backup?.target !== undefined;
  return [
    {
      from: [...outside, API_MACHINE],
      to: [...others, 'api server', 'world', 'backup', 'dns'],
      because: 'no policy is about either end',
    },
    { from: policed, to: ['api server'], ports: [6443], because: 'every controller works by the API' },
    { from: policed, to: ['dns'], ports: [53], because: 'names' },
    {
      from: [...outside, API_MACHINE],
      to: ['webhook'],
      ports: [10_250],
      because: 'the API server calls it, from addresses that are no pods',
    },
    {
      from: [...longhorn, ...outside, API_MACHINE],
      to: ['manager'],
      ports: [9501, 9502],
      because: 'webhooks of Longhorn: the API server calls them',
    },
    {
      from: ['manager', 'ui', 'csi-plugin', 'job'],
      to: ['manager'],
      because: 'the API of Longhorn',
    },
    { from: ['share'], to: ['manager'], ports: [9503], because: 'NFS recovers its clients' },
    {
      from: ['manager', 'instance', 'image'],
      to: ['instance', 'image'],
      because: 'data and control of replicas',
    },
    {
      from: longhorn,
      to: ['ui', 'csi-plugin', 'share', 'job'],
      because: 'other pods of Longhorn take what comes from their namespace',
    },
    { from: [ANOTHER_NODE, API_MACHINE], to: ['share'], ports: [2049], because: 'nodes mount NFS' },
    ...(site.monitoring?.prometheus
      ? [
          { from: ['prometheus'], to: [...CERT_MANAGER_PODS], ports: [9402], because: 'metrics' },
          { from: ['prometheus'], to: ['manager'], ports: [9500], because: 'metrics' },
        ]
      : []),
    ...(acme
      ? [
          {
            from: ['controller'],
            to: ['world', 'backup', 'api server'],
            ports: [80, 443],
            because: 'ACME servers, and the own answer to their challenge, are on the public internet',
          },
          ...(site.cluster.ingress
            ? [
                {
                  from: ['controller'],
                  to: ['edge'],
                  because: 'the own answer to a challenge, by any port of the entrance',
                },
              ]
            : []),
        ]
      : []),
    ...(backup
      ? [
          {
            from: ['manager', 'instance', 'image'],
            to: ['backup'],
            ports: [443],
            because: 'backups go there',
          },
        ]
      : []),
  ];
}
