import type { Bytes } from '../../kubernetes/quantity';
import { accountingGroup, MEMORY_HEADROOM_MEBIBYTES } from '../release';
import { conf } from './conf';

export interface ExecuteConfig {
  readonly pool: string;
  /** Cores of a worker, and so jobs at a time at most. */
  readonly cpus: number;
  /** Scratch space of the worker. */
  readonly disk: Bytes;
  /** Whether only jobs that ask for a GPU are taken. */
  readonly gpus: boolean;
  /** Experiments whose jobs are taken. @default all */
  readonly experiments?: readonly string[];
  readonly mountsCvmfs: boolean;
}

/**
 * A worker with one slot that is cut to the size of each job. NUM_CPUS and MEMORY come from the pod's own limits.
 *
 * Each job runs under an account of its own, which can read neither the token of the worker nor another job's files.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/ep-policy-configuration.html
 */
export function executeConfig(props: ExecuteConfig): string {
  const accounts = Array.from({ length: props.cpus }, (_, index) => `slot1_${String(index + 1)}`);
  return conf('Execute point', [
    'DAEMON_LIST = MASTER, SHARED_PORT, STARTD',
    `RESERVED_MEMORY = ${String(MEMORY_HEADROOM_MEBIBYTES)}`,
    'NUM_SLOTS = 1',
    'NUM_SLOTS_TYPE_1 = 1',
    'SLOT_TYPE_1 = 100%',
    'SLOT_TYPE_1_PARTITIONABLE = True',
    'CONSUMPTION_POLICY = True',
    `START = ${startExpression(props)}`,
    `ExecutePool = "${props.pool}"`,
    // By itself HTCondor looks for GPUs everywhere, and some nodes show theirs to every pod.
    ...(props.gpus ? [] : ['STARTD_DETECT_GPUS = False']),
    ...(props.mountsCvmfs ? ['HasCvmfs = True'] : []),
    `STARTD_ATTRS = $(STARTD_ATTRS) ExecutePool${props.mountsCvmfs ? ' HasCvmfs' : ''}`,
    'use POLICY:HOLD_IF_MEMORY_EXCEEDED',
    'use POLICY:HOLD_IF_DISK_EXCEEDED',
    'STARTER_ALLOW_RUNAS_OWNER = False',
    'DEDICATED_EXECUTE_ACCOUNT_REGEXP = slot[0-9]+_[0-9]+',
    ...accounts.map((account) => `${account.toUpperCase()}_USER = ${account}`),
  ]);
}

/**
 * HTCondor sees the disk of the whole node, so the scratch space of the pod is compared here. The group of a job is set
 * by the access point and cannot be changed by its owner.
 */
function startExpression({ disk, gpus, experiments }: ExecuteConfig): string {
  const groups = (experiments ?? []).map(accountingGroup).join('|');
  const terms = [
    `TARGET.RequestDisk <= ${String(Math.floor(disk.bytes / 1024))}`,
    ...(gpus ? ['TARGET.RequestGPUs >= 1'] : []),
    ...(experiments ? [`regexp("^(${groups})([.]|$)", TARGET.AcctGroup)`] : []),
  ];
  return terms.join(' && ');
}
