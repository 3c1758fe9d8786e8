import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { cpu, type Bytes } from '../kubernetes/quantity';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { commonConfig, PATHS } from './config/common';
import { executeConfig } from './config/execute';
import { gpuConfig } from './config/gpu';
import { CENTRAL_MANAGER, metadata, objectName, selector, serviceHost, type Member } from './metadata';
import { configMap, disruptionBudget } from './objects';
import { commonSpec, localMounts, masterContainer, probes, template, type Placement } from './pod';
import type { Pool } from './pool';
import { DISK_HEADROOM_BYTES, IMAGES, MEMORY_HEADROOM_BYTES, SECRETS, type DaemonMethod } from './release';
import { DRAIN, LOCAL, PREPARE_EXECUTE, STARTD_ALIVE } from './scripts';
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

export interface ExecutePoolProps {
  readonly name: string;
  readonly pool: Pool;
  readonly slot: Slot;
  readonly placement: Placement;
  readonly workers: number;
  /** Seconds that a worker which must go waits for its jobs. */
  readonly drainSeconds: number;
  readonly imagePullSecrets: readonly string[];
  /** Image made from upstream's, with what jobs need besides. @default upstream's */
  readonly image?: string;
  /** Experiments whose jobs are taken. @default all */
  readonly experiments?: readonly string[];
  /** Claim on the volume of the CVMFS driver. @default there is no /cvmfs */
  readonly cvmfsClaim?: string;
}

/** After the last job: deregistering and ending the master. */
const EXIT_SECONDS = 60;

/**
 * A group of identical workers.
 *
 * A Deployment and not a StatefulSet, because workers have nothing to keep, and a set would wait for each to drain
 * before it replaced the next. The selector pins a GPU pool to nodes of one model, so that a job that matched an A100
 * never starts on another card.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/ep-policy-configuration.html
 */
export class ExecutePool extends Construct {
  constructor(scope: Construct, id: string, props: ExecutePoolProps) {
    super(scope, id);
    const { pool, slot, cvmfsClaim, image = IMAGES.execute } = props;
    const member: Member = { role: 'execute', name: props.name };
    const gracePeriodSeconds = props.drainSeconds + EXIT_SECONDS;
    const config = {
      '10-common.conf': commonConfig({
        ...pool,
        collector: serviceHost(CENTRAL_MANAGER, pool.clusterDomain),
      }),
      '20-execute.conf': executeConfig({
        pool: props.name,
        cpus: slot.cpus,
        disk: slot.disk,
        gpus: slot.gpus !== undefined,
        mountsCvmfs: cvmfsClaim !== undefined,
        ...(props.experiments ? { experiments: props.experiments } : {}),
      }),
      ...(slot.gpus ? { '40-gpu.conf': gpuConfig() } : {}),
    };
    const secret = executeSecret(pool.method);

    new k8s.KubeConfigMap(this, 'config', configMap(member, '-config', config));
    // A budget that counts no pods only worries whoever reads its status.
    if (props.workers > 0)
      new k8s.KubePodDisruptionBudget(this, 'disruption-budget', disruptionBudget(member));
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: metadata(member),
      spec: {
        replicas: props.workers,
        revisionHistoryLimit: 2,
        selector: { matchLabels: selector(member) },
        // No worker more than there is room for; a draining one may take as long as it may take.
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: {
            maxSurge: k8s.IntOrString.fromNumber(0),
            maxUnavailable: k8s.IntOrString.fromNumber(1),
          },
        },
        progressDeadlineSeconds: gracePeriodSeconds + 600,
        template: {
          metadata: template(member, config),
          spec: {
            ...commonSpec({ ...props, member, gracePeriodSeconds }),
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
                },
                env: [
                  limitVariable('_condor_NUM_CPUS', 'limits.cpu', '1'),
                  limitVariable('_condor_MEMORY', 'limits.memory', '1Mi'),
                ],
                resources: workerResources(slot),
                ...probes(['sh', '-c', STARTD_ALIVE]),
                lifecycle: { preStop: { exec: { command: ['sh', '-c', DRAIN] } } },
                volumeMounts: [
                  { name: 'config', mountPath: PATHS.config, readOnly: true },
                  { name: 'secret', mountPath: `/etc/condor/${secret.folder}`, readOnly: true },
                  ...localMounts(),
                  { name: 'local', mountPath: PATHS.execute, subPath: 'execute' },
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
              ...(cvmfsClaim === undefined
                ? []
                : [{ name: 'cvmfs', persistentVolumeClaim: { claimName: cvmfsClaim, readOnly: true } }]),
            ],
          },
        },
      },
    });
  }
}

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
