import { PRIORITY_CLASS } from './release';
import { GENERAL } from './settings-table/general';
import { REPLICA } from './settings-table/replica';
import { SCHEDULING } from './settings-table/scheduling';
import type { Setting } from './settings-table/setting';
import { engineText } from './settings-table/setting';
import { SNAPSHOT_BACKUP } from './settings-table/snapshot-backup';
import { SYSTEM_PODS } from './settings-table/system-pods';
import { V2_ENGINE } from './settings-table/v2-engine';
import type { Taint } from './taint';
import { taintTolerationText } from './taint';

/**
 * Every setting of this release that a site may need; the manager skips an unknown key without a word.
 *
 * Left out is what the manager writes itself (versions, API version) and the images, which the release
 * decides.
 *
 * @see https://longhorn.io/docs/1.12.1/references/settings/
 */
export const SETTINGS = {
  ...GENERAL,
  ...SCHEDULING,
  ...SNAPSHOT_BACKUP,
  ...REPLICA,
  ...SYSTEM_PODS,
  ...V2_ENGINE,
} satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/**
 * Settings that follow from something else, and from what: a site that stated them could contradict itself.
 */
export const DERIVED = {
  'taint-toleration': 'the taints of the nodes',
  'registry-secret': 'the pull secret',
  'priority-class': 'the release',
  'deleting-confirmation-flag': 'the rule that Longhorn is uninstalled by the runbook only',
} as const satisfies Partial<Record<SettingKey, string>>;

export type DerivedSettingKey = keyof typeof DERIVED;
export type SiteSettingKey = Exclude<SettingKey, DerivedSettingKey>;

/** Settings of a site, as texts that Longhorn reads. */
export type LonghornSettings = Readonly<Partial<Record<SiteSettingKey, string>>>;
export type DerivedSettings = Readonly<Record<DerivedSettingKey, string>>;

export function isDerivedSettingKey(key: string): key is DerivedSettingKey {
  return Object.hasOwn(DERIVED, key);
}

export function isSiteSettingKey(key: string): key is SiteSettingKey {
  return isSettingKey(key) && !isDerivedSettingKey(key);
}

export interface DerivedFrom {
  readonly taints: readonly Taint[];
  readonly imagePullSecret: string | undefined;
}

/** All are stated, empty ones too: a key that leaves the text keeps its old value in the cluster. */
export function derivedSettings({ taints, imagePullSecret = '' }: DerivedFrom): DerivedSettings {
  return {
    'taint-toleration': taintTolerationText(taints),
    'registry-secret': imagePullSecret,
    'priority-class': PRIORITY_CLASS,
    'deleting-confirmation-flag': 'false',
  };
}

/** What the facility's defaults depend on. */
export interface FacilityStorage {
  /** Copies of a volume whose class does not say. */
  readonly replicas: number;
  /** Sum of the sizes of all replicas, in percent of the disks. */
  readonly overProvisioningPercent: number;
  /** Folder of the disk on the storage nodes. @default `/var/lib/longhorn/` */
  readonly dataPath?: string;
  /** Percent of a disk that is left to others; a disk of its own needs little. @default Longhorn's 30 */
  readonly reservedPercent?: number;
}

/**
 * Where an analysis facility wants something else than Longhorn does; a site's own settings come after these.
 *
 * Storage nodes are labelled, so that no worker or GPU node becomes one; homes of users who are logged out
 * are backed up; a drain moves the last copy instead of blocking; an upgrade through git is complete; nothing
 * is reported outside.
 */
export function facilityDefaults(storage: FacilityStorage): LonghornSettings {
  const {
    replicas,
    overProvisioningPercent,
    dataPath = SETTINGS['default-data-path'].default,
    reservedPercent,
  } = storage;
  const count = String(replicas);
  return {
    'allow-collecting-longhorn-usage-metrics': 'false',
    'allow-recurring-job-while-volume-detached': 'true',
    'concurrent-automatic-engine-upgrade-per-node-limit': '1',
    'create-default-disk-labeled-nodes': 'true',
    'default-data-locality': 'best-effort',
    'default-data-path': dataPath,
    'default-replica-count': engineText([
      ['v1', count],
      ['v2', count],
    ]),
    'disable-revision-counter': engineText([['v1', 'true']]),
    'node-down-pod-deletion-policy': 'delete-both-statefulset-and-deployment-pod',
    'node-drain-policy': 'block-for-eviction-if-contains-last-replica',
    'replica-auto-balance': 'least-effort',
    'replica-soft-anti-affinity': 'false',
    'storage-over-provisioning-percentage': String(overProvisioningPercent),
    'upgrade-checker': 'false',
    ...(reservedPercent === undefined
      ? {}
      : { 'storage-reserved-percentage-for-default-disk': String(reservedPercent) }),
  };
}

/**
 * The text of `default-setting.yaml`: a line per key, sorted, each value in quotes because Longhorn reads
 * texts only.
 */
export function settingsText(settings: Readonly<Partial<Record<SettingKey, string>>>): string {
  return Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}
