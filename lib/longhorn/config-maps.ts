import type { k8s } from 'cdk8s-plus-27';
import { stringify } from 'yaml';
import type { Duration } from '../kubernetes/duration';
import { CONFIRMED } from '../kubernetes/protection';
import { namespaced } from './metadata';
import type { DerivedSettings, LonghornSettings } from './settings';
import { settingsText } from './settings';

/** Where backups go. The Secret is in `longhorn-system`; its values never are in git. */
export interface BackupTarget {
  /** For example `s3://bucket@region/path` or `nfs://server:/path`. */
  readonly url: string;
  /** @default the target asks for no log-in, as NFS does */
  readonly credentialSecret?: string;
  /** How often Longhorn looks for backups that other clusters made. */
  readonly pollInterval: Duration;
}

/**
 * The three ConfigMaps that the manager reads, live. All must exist, and the manager never writes them.
 *
 * Without them Longhorn keeps running on what it read last: hence the confirmed deletion.
 *
 * @see https://longhorn.io/docs/1.12.1/advanced-resources/deploy/customizing-default-settings/
 */
export function configMaps(
  settings: LonghornSettings & DerivedSettings,
  backup: BackupTarget | undefined,
): k8s.KubeConfigMapProps[] {
  return [
    configMap('longhorn-default-setting', { 'default-setting.yaml': settingsText(settings) }),
    configMap('longhorn-default-resource', { 'default-resource.yaml': backupTargetText(backup) }),
    configMap('longhorn-storageclass', { 'storageclass.yaml': embeddedClassText() }),
  ];
}

/** Seconds that Longhorn itself waits between two looks. */
const STANDARD_POLL_SECONDS = 300;

/**
 * The default backup target; a BackupTarget object named `default` would be fought over by the manager.
 *
 * All keys are stated, also where there is no target: one that leaves the text keeps its old value in the cluster.
 */
export function backupTargetText(backup: BackupTarget | undefined): string {
  const values = {
    'backup-target': backup?.url ?? '',
    'backup-target-credential-secret': backup?.credentialSecret ?? '',
    'backupstore-poll-interval': String(backup?.pollInterval.seconds ?? STANDARD_POLL_SECONDS),
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/**
 * The StorageClass `longhorn` that the manager creates from this text, and recreates when the text changes.
 *
 * It is never the default: a site's own classes are, and two defaults make the one that a claim gets a matter
 * of luck.
 */
export function embeddedClassText(): string {
  return stringify(
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'longhorn',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
      },
      provisioner: 'driver.longhorn.io',
      allowVolumeExpansion: true,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
      parameters: {
        numberOfReplicas: '3',
        staleReplicaTimeout: '30',
        fromBackup: '',
        fsType: 'ext4',
        dataLocality: 'disabled',
        unmapMarkSnapChainRemoved: 'ignored',
        disableRevisionCounter: 'true',
        dataEngine: 'v1',
        backupTargetName: 'default',
      },
    } satisfies k8s.KubeStorageClassProps & { apiVersion: string; kind: string },
    { lineWidth: 0 },
  );
}

function configMap(name: string, data: Record<string, string>): k8s.KubeConfigMapProps {
  return { metadata: namespaced(name, { annotations: CONFIRMED }), data };
}
