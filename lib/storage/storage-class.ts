import type { k8s } from 'cdk8s-plus-27';
import { PROTECTED } from '../kubernetes/protection';
import { RESERVED_CLASS_NAMES } from '../longhorn/release';

export interface StorageClassProps {
  /** Never `longhorn` or `longhorn-static`: the manager deletes and recreates these two as it likes. */
  readonly name: string;
  /** Copies of each volume, on different nodes. */
  readonly replicas: number;
  readonly reclaimPolicy: 'Retain' | 'Delete';
  readonly accessMode: 'ReadWriteOnce' | 'ReadWriteMany';
  /** @default best-effort; `disabled` for ReadWriteMany, whose data passes the share-manager's node anyway */
  readonly dataLocality?: 'best-effort' | 'disabled';
  /** Whether claims without a class get this one. @default false */
  readonly default?: boolean;
  /**
   * Groups of recurring jobs for volumes of this class.
   * @default jobs of the group `default`, where there are any
   */
  readonly backupGroups?: readonly string[];
  /**
   * Minutes after which a failed copy is given up.
   * @default 30 for a single copy, 2880 (two days) for several
   */
  readonly staleReplicaMinutes?: number;
}

/**
 * A class of Longhorn volumes. Nothing but its annotations can be changed later: another value needs another
 * name.
 *
 * Volumes are made at once, not when the first pod comes: Longhorn binds no volume to a node, so there is
 * nothing to wait for, and a claim that waits for a pod of a later Argo CD wave would wait for ever. Data
 * locality is reached after the pod has started, by moving a copy to its node.
 *
 * ReadWriteMany is a matter of the claim; of `nfsOptions` and `migratable` the class says nothing, because
 * the first replaces all of Longhorn's own NFS options and the second is for virtual machines.
 *
 * @see https://longhorn.io/docs/1.12.1/references/storage-class-parameters/
 * @see https://github.com/argoproj/argo-cd/issues/12840
 */
export function storageClass(props: StorageClassProps): k8s.KubeStorageClassProps {
  if (RESERVED_CLASS_NAMES.includes(props.name)) {
    throw new Error(`StorageClass ${props.name}: the name belongs to Longhorn's manager; use another one`);
  }
  return {
    metadata: {
      name: props.name,
      annotations: {
        'storageclass.kubernetes.io/is-default-class': String(props.default ?? false),
        ...(props.reclaimPolicy === 'Retain' ? PROTECTED : {}),
      },
    },
    provisioner: 'driver.longhorn.io',
    allowVolumeExpansion: true,
    reclaimPolicy: props.reclaimPolicy,
    volumeBindingMode: 'Immediate',
    parameters: {
      dataEngine: 'v1',
      dataLocality: props.dataLocality ?? (props.accessMode === 'ReadWriteMany' ? 'disabled' : 'best-effort'),
      fsType: 'ext4',
      numberOfReplicas: String(props.replicas),
      staleReplicaTimeout: String(props.staleReplicaMinutes ?? (props.replicas === 1 ? 30 : 2880)),
      ...recurringJobSelector(props.backupGroups ?? []),
    },
  };
}

function recurringJobSelector(groups: readonly string[]): Record<string, string> {
  if (groups.length === 0) return {};
  return { recurringJobSelector: JSON.stringify(groups.map((name) => ({ name, isGroup: true }))) };
}
