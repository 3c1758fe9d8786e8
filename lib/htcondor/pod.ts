import { createHash } from 'node:crypto';
import type { k8s } from 'cdk8s-plus-27';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { PATHS } from './config/common';
import { objectName, selector, type Member } from './metadata';
import { PORT } from './release';
import { LOCAL, LOCAL_MOUNTS, MASTER_ALIVE, PREPARE_DAEMON } from './scripts';
import { REFRESH_RESOURCES, secretCopies, type SecretFile } from './secret-copies';
import { CONFINED, UNPRIVILEGED } from './security';

/** Nodes on which a workload runs. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that these nodes have. @default none */
  readonly tolerations?: readonly k8s.Toleration[];
}

/** A pod of the central manager or of an access point: neither needs root. */
export interface DaemonPod {
  readonly member: Member;
  readonly image: string;
  readonly placement: Placement;
  readonly resources: Resources;
  readonly imagePullSecrets: readonly string[];
  /** Configuration files by name. */
  readonly config: Readonly<Record<string, string>>;
  /** Map files by name. @default there are none */
  readonly maps?: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretFile[];
  /** Secret with certificate and key for outside clients. @default none come */
  readonly tlsSecret?: string;
  readonly readiness: readonly string[];
  readonly gracePeriodSeconds: number;
}

/** Name of the claim template that becomes the spool. */
export const SPOOL = 'spool';

export function daemonPod(props: DaemonPod): k8s.PodTemplateSpec {
  const { member, image, maps, tlsSecret } = props;
  const secrets = secretCopies(image, props.secrets);
  return {
    metadata: template(member, { ...props.config, ...maps }),
    spec: {
      ...commonSpec(props),
      securityContext: UNPRIVILEGED,
      initContainers: [
        {
          name: 'prepare',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', PREPARE_DAEMON],
          securityContext: CONFINED,
          resources: resourceRequirements(REFRESH_RESOURCES),
          volumeMounts: [...secrets.sources, { name: 'local', mountPath: LOCAL }],
        },
      ],
      containers: [
        {
          ...masterContainer('condor', image),
          securityContext: CONFINED,
          resources: resourceRequirements(props.resources),
          ...probes(props.readiness),
          volumeMounts: [
            { name: 'config', mountPath: PATHS.config, readOnly: true },
            ...(maps ? [{ name: 'maps', mountPath: PATHS.maps, readOnly: true }] : []),
            ...(tlsSecret === undefined ? [] : [{ name: 'tls', mountPath: PATHS.tls, readOnly: true }]),
            ...secrets.copies,
            ...localMounts(),
            { name: SPOOL, mountPath: PATHS.spool },
          ],
        },
        secrets.refresher,
      ],
      volumes: [
        { name: 'config', configMap: { name: `${objectName(member)}-config` } },
        ...(maps ? [{ name: 'maps', configMap: { name: `${objectName(member)}-maps` } }] : []),
        // The group of the pod may read the key; HTCondor asks that of no TLS file but of all others.
        ...(tlsSecret === undefined
          ? []
          : [{ name: 'tls', secret: { secretName: tlsSecret, defaultMode: 0o440 } }]),
        ...secrets.volumes,
        { name: 'local', emptyDir: {} },
      ],
    },
  };
}

/** Labels of the pods, and a mark that changes with their configuration: daemons read most of it only at their start. */
export function template(member: Member, files: Readonly<Record<string, string>>): k8s.ObjectMeta {
  const checksum = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  return { labels: selector(member), annotations: { 'analysis-facility/config': checksum } };
}

export function commonSpec({
  member,
  placement,
  imagePullSecrets,
  gracePeriodSeconds,
}: Pick<DaemonPod, 'member' | 'placement' | 'imagePullSecrets' | 'gracePeriodSeconds'>) {
  return {
    serviceAccountName: member.role,
    automountServiceAccountToken: false,
    // A Service called condor would become variables that HTCondor takes for its configuration.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: gracePeriodSeconds,
    nodeSelector: { ...placement.nodeSelector },
    ...(placement.tolerations && placement.tolerations.length > 0
      ? { tolerations: [...placement.tolerations] }
      : {}),
    ...(imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
  };
}

/** The master itself, without the supervisor and the start script of the image, which would write configuration of their own. */
export function masterContainer(name: string, image: string) {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['condor_master', '-f', '-t'],
    ports: [{ name: 'condor', containerPort: PORT, protocol: 'TCP' }],
  };
}

export function localMounts(): k8s.VolumeMount[] {
  return Object.entries(LOCAL_MOUNTS).map(([subPath, mountPath]) => ({ name: 'local', mountPath, subPath }));
}

/** Liveness is generous: a pod that is busy must not be ended, because its jobs would be as well. */
export function probes(readiness: readonly string[]) {
  const exec = { command: [...readiness] };
  return {
    startupProbe: { exec, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 },
    readinessProbe: { exec, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: {
      exec: { command: ['sh', '-c', MASTER_ALIVE] },
      periodSeconds: 60,
      timeoutSeconds: 20,
      failureThreshold: 10,
    },
  };
}
