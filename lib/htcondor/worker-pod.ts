import { k8s } from 'cdk8s-plus-27';
import { cpu, type Bytes } from '../kubernetes/quantity';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { PATHS } from './config/common';
import { APPTAINER } from './config/containers';
import { objectName, type Member } from './metadata';
import { commonSpec, localMounts, masterContainer, probes, template, type Placement } from './pod';
import { DISK_HEADROOM_BYTES, IMAGES, MEMORY_HEADROOM_BYTES, SECRETS, type DaemonMethod } from './release';
import { DRAIN, LOCAL, PREPARE_EXECUTE, STARTD_REGISTERED, STARTD_ALIVE } from './scripts';
import { CONFINED } from './security';

/** What a worker offers to jobs. */
export interface Slot {
  /** Cores; as many jobs run at a time at most. */
  readonly cpus: number;
  readonly memory: Bytes;
  /** Scratch space of all its jobs together. */
  readonly disk: Bytes;
  /** @default no GPU, and no job that asks for one */
  readonly gpus?: GpuRequest;
}

export interface GpuRequest {
  /** `nvidia.com/gpu` for whole cards, `nvidia.com/mig-7g.40gb` for slices. */
  readonly resource: string;
  readonly count: number;
}

export interface WorkerPod {
  readonly member: Member;
  readonly slot: Slot;
  readonly placement: Placement;
  readonly gracePeriodSeconds: number;
  readonly imagePullSecrets: readonly string[];
  readonly method: DaemonMethod;
  /** Image made from upstream's, with what jobs need besides. @default upstream's */
  readonly image?: string;
  /** Configuration files by name. */
  readonly config: Readonly<Record<string, string>>;
  /** Claim on the volume of the CVMFS driver. @default there is no /cvmfs */
  readonly cvmfsClaim?: string | undefined;
  /** Lets jobs run in containers. @default they cannot */
  readonly containers?: WorkerContainers | undefined;
  /** Seconds without a job after which it ends by itself, and well. @default it stays */
  readonly idleSeconds?: number;
}

/** What a worker needs so that its jobs can run in containers. */
export interface WorkerContainers {
  /** Profile that the nodes have, below the seccomp folder of the kubelet. */
  readonly seccompProfile: string;
  /** Apptainer's own configuration. */
  readonly settings: string;
}

/** Key of Apptainer's configuration in its ConfigMap. */
export const APPTAINER_SETTINGS = 'apptainer.conf';

/** The pod of a worker, whoever starts it. */
export function workerPod(props: WorkerPod): k8s.PodTemplateSpec {
  const { member, slot, config, cvmfsClaim, containers, idleSeconds, image = IMAGES.execute } = props;
  const secret = executeSecret(props.method);
  return {
    metadata: template(member, { ...config, ...(containers ? { apptainer: containers.settings } : {}) }),
    spec: {
      ...commonSpec(props),
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      initContainers: [
        {
          name: 'prepare',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', PREPARE_EXECUTE],
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'], add: ['CHOWN'] },
          },
          resources: resourceRequirements(PREPARE_RESOURCES),
          volumeMounts: [{ name: 'local', mountPath: LOCAL }],
        },
      ],
      containers: [
        {
          ...masterContainer('execute', image),
          // Root, to start each job under another account, and nothing that this does not need.
          securityContext: {
            ...CONFINED,
            capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'KILL', 'SETGID', 'SETUID'] },
            // The profile of the runtime takes user namespaces away, and a container of a job is one.
            ...(containers
              ? { seccompProfile: { type: 'Localhost', localhostProfile: containers.seccompProfile } }
              : {}),
          },
          env: [
            limitVariable('_condor_NUM_CPUS', 'limits.cpu', '1'),
            limitVariable('_condor_MEMORY', 'limits.memory', '1Mi'),
            // Counts from the end of the last claim, so a worker with a job never leaves.
            ...(idleSeconds === undefined
              ? []
              : [{ name: '_condor_STARTD_NOCLAIM_SHUTDOWN', value: String(idleSeconds) }]),
          ],
          resources: workerResources(slot),
          ...workerProbes(idleSeconds !== undefined),
          lifecycle: { preStop: { exec: { command: ['sh', '-c', DRAIN] } } },
          volumeMounts: [
            { name: 'config', mountPath: PATHS.config, readOnly: true },
            { name: 'secret', mountPath: `/etc/condor/${secret.folder}`, readOnly: true },
            ...localMounts(),
            { name: 'local', mountPath: PATHS.execute, subPath: 'execute' },
            ...(containers
              ? [
                  {
                    name: 'apptainer',
                    mountPath: APPTAINER.settings,
                    subPath: APPTAINER_SETTINGS,
                    readOnly: true,
                  },
                ]
              : []),
            ...(cvmfsClaim === undefined
              ? []
              : [
                  {
                    name: 'cvmfs',
                    mountPath: '/cvmfs',
                    readOnly: true,
                    mountPropagation: 'HostToContainer',
                  },
                ]),
          ],
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: `${objectName(member)}-config` } },
        // Without a group for the volume, so that the file stays root's alone: HTCondor refuses any other.
        { name: 'secret', secret: { secretName: secret.secret.name, defaultMode: 0o400 } },
        { name: 'local', emptyDir: { sizeLimit: bytes(slot.disk.bytes + DISK_HEADROOM_BYTES) } },
        ...(containers
          ? [{ name: 'apptainer', configMap: { name: `${objectName(member)}-apptainer` } }]
          : []),
        ...(cvmfsClaim === undefined
          ? []
          : [{ name: 'cvmfs', persistentVolumeClaim: { claimName: cvmfsClaim, readOnly: true } }]),
      ],
    },
  };
}

/**
 * Answers of the exporter are some seconds old: one that comes with the demand is ready when each of them knows it,
 * because until then it counts as on its way, and nobody starts another for the same jobs.
 */
function workerProbes(comesWithDemand: boolean) {
  const all = probes(['sh', '-c', STARTD_ALIVE], ['sh', '-c', STARTD_REGISTERED]);
  return comesWithDemand
    ? { ...all, readinessProbe: { ...all.readinessProbe, successThreshold: SETTLED_PROBES } }
    : all;
}

/** Good answers in a row, ten seconds apart: twice as long as the exporter keeps what it says. */
const SETTLED_PROBES = 3;

const PREPARE_RESOURCES: Resources = {
  requests: { cpu: cpu(5), memory: { bytes: 16 * 1024 ** 2, text: '16Mi' } },
  limits: { memory: { bytes: 64 * 1024 ** 2, text: '64Mi' } },
};

/** Requests are limits: what a slot offers is kept free for it, and jobs take nothing from their neighbours. */
export function workerResources({ cpus, memory, disk, gpus }: Slot): k8s.ResourceRequirements {
  const amounts = {
    cpu: k8s.Quantity.fromString(String(cpus)),
    memory: bytes(memory.bytes + MEMORY_HEADROOM_BYTES),
    'ephemeral-storage': bytes(disk.bytes + DISK_HEADROOM_BYTES),
    ...(gpus ? { [gpus.resource]: k8s.Quantity.fromString(String(gpus.count)) } : {}),
  };
  return { requests: amounts, limits: amounts };
}

/** In mebibytes where they are whole, as the API server would write it. */
function bytes(count: number): k8s.Quantity {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  let [amount, step] = [count, 0];
  while (amount % 1024 === 0 && step < units.length - 1) [amount, step] = [amount / 1024, step + 1];
  return k8s.Quantity.fromString(`${String(amount)}${units[step] ?? ''}`);
}

function limitVariable(name: string, resource: string, divisor: string): k8s.EnvVar {
  return {
    name,
    valueFrom: {
      resourceFieldRef: { containerName: 'execute', resource, divisor: k8s.Quantity.fromString(divisor) },
    },
  };
}

function executeSecret(method: DaemonMethod) {
  return method === 'password'
    ? { folder: 'pool-password', secret: SECRETS.poolPassword }
    : { folder: 'tokens.d', secret: SECRETS.executeToken };
}
