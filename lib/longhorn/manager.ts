import { k8s } from 'cdk8s-plus-27';
import { CONFIRMED } from '../kubernetes/protection';
import type { Resources } from '../kubernetes/resources';
import { resourceRequirements } from '../kubernetes/resources';
import { APPS, labels, namespaced } from './metadata';
import { fieldVariable, IDLE_RESOURCES, pullSecrets } from './pod';
import { IMAGES, PORTS, PRIORITY_CLASS, SERVICE_ACCOUNTS } from './release';
import type { Taint } from './taint';
import { distinctTaints } from './taint';

export interface ManagerProps {
  readonly resources: Resources;
  readonly taints: readonly Taint[];
  readonly imagePullSecret: string | undefined;
}

/**
 * The manager on every node where volumes are stored or mounted.
 *
 * It is privileged, and without a liveness probe, as upstream has it: it enters the host's namespaces to
 * manage disks, and a restart while the API server is slow would not help. All nodes are updated at once,
 * because managers of two releases do not work together; the volumes themselves run in other pods and go on.
 *
 * @see https://longhorn.io/docs/1.12.1/concepts/
 */
export function managerDaemonSet(props: ManagerProps): k8s.KubeDaemonSetProps {
  return {
    metadata: namespaced(APPS.manager, { app: APPS.manager, annotations: CONFIRMED }),
    spec: {
      selector: { matchLabels: { app: APPS.manager } },
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('100%') },
      },
      template: {
        metadata: { labels: labels(APPS.manager) },
        spec: {
          serviceAccountName: SERVICE_ACCOUNTS.manager,
          priorityClassName: PRIORITY_CLASS,
          ...pullSecrets(props.imagePullSecret),
          ...(props.taints.length > 0 ? { tolerations: distinctTaints(props.taints).map(toleration) } : {}),
          containers: [managerContainer(props.resources), shareManagerPuller()],
          volumes: [
            ...HOST_FOLDERS.map(({ volume, path }) => ({ name: volume, hostPath: { path } })),
            { name: TLS_SECRET, secret: { secretName: TLS_SECRET, optional: true } },
          ],
        },
      },
    },
  };
}

/** Certificates for the traffic between Longhorn's own pods: used where an admin has made this Secret. */
const TLS_SECRET = 'longhorn-grpc-tls';

/**
 * The last one holds engine binaries and sockets, wherever the site puts its data: its path is fixed in
 * Longhorn.
 */
const HOST_FOLDERS = [
  { volume: 'boot', path: '/boot/', mount: { mountPath: '/host/boot/', readOnly: true } },
  { volume: 'dev', path: '/dev/', mount: { mountPath: '/host/dev/' } },
  { volume: 'proc', path: '/proc/', mount: { mountPath: '/host/proc/', readOnly: true } },
  { volume: 'etc', path: '/etc/', mount: { mountPath: '/host/etc/', readOnly: true } },
  {
    volume: 'longhorn',
    path: '/var/lib/longhorn/',
    mount: { mountPath: '/var/lib/longhorn/', mountPropagation: 'Bidirectional' },
  },
];

function managerContainer(resources: Resources): k8s.Container {
  return {
    name: 'longhorn-manager',
    image: IMAGES.manager,
    imagePullPolicy: 'IfNotPresent',
    securityContext: { privileged: true },
    command: [
      ...['longhorn-manager', '-d', 'daemon'],
      ...['--engine-image', IMAGES.engine],
      ...['--instance-manager-image', IMAGES.instanceManager],
      ...['--share-manager-image', IMAGES.shareManager],
      ...['--backing-image-manager-image', IMAGES.backingImageManager],
      ...['--support-bundle-manager-image', IMAGES.supportBundleKit],
      ...['--manager-image', IMAGES.manager],
      ...['--service-account', SERVICE_ACCOUNTS.manager],
      // Refuses to start after a hop that Longhorn forbids: what upstream's pre-upgrade Job checks, without
      // the Job.
      '--upgrade-version-check',
    ],
    ports: [
      { name: 'manager', containerPort: PORTS.manager, protocol: 'TCP' },
      { name: 'admission-wh', containerPort: PORTS.admissionWebhook, protocol: 'TCP' },
      { name: 'recov-backend', containerPort: PORTS.recoveryBackend, protocol: 'TCP' },
    ],
    readinessProbe: {
      httpGet: {
        path: '/v1/healthz',
        port: k8s.IntOrString.fromNumber(PORTS.admissionWebhook),
        scheme: 'HTTPS',
      },
    },
    volumeMounts: [
      ...HOST_FOLDERS.map(({ volume, mount }) => ({ name: volume, ...mount })),
      { name: TLS_SECRET, mountPath: '/tls-files/' },
    ],
    env: [
      fieldVariable('POD_NAME', 'metadata.name'),
      fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
      fieldVariable('POD_IP', 'status.podIP'),
      fieldVariable('NODE_NAME', 'spec.nodeName'),
      { name: 'LONGHORN_DISTRO', value: 'longhorn' },
    ],
    resources: resourceRequirements(resources),
  };
}

/**
 * Keeps the NFS server's image on every node, so that a shared volume moves without waiting for a download.
 */
function shareManagerPuller(): k8s.Container {
  return {
    name: 'pre-pull-share-manager-image',
    image: IMAGES.shareManager,
    imagePullPolicy: 'IfNotPresent',
    // The trap ends the container at once when the pod is replaced, instead of after the grace period.
    command: ['sh', '-c', 'trap "exit 0" TERM INT; sleep infinity & wait'],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: 65_534,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    resources: resourceRequirements(IDLE_RESOURCES),
  };
}

function toleration({ key, value, effect }: Taint): k8s.Toleration {
  return value === undefined
    ? { key, operator: 'Exists', effect }
    : { key, operator: 'Equal', value, effect };
}
