/**
 * The Longhorn release that this repository installs: every version, image and port of it, each once.
 *
 * @see https://github.com/longhorn/longhorn/releases/tag/v1.12.1
 */
export const RELEASE = {
  version: 'v1.12.1',
  repository: 'longhorn/longhorn',
  /** Commit of the tag: a tag can be moved, a commit cannot. */
  commit: 'f349c091c50700cb6cb8a4df8aaa29ea214bdd48',
  manifest: 'deploy/longhorn.yaml',
} as const;

export const NAMESPACE = 'longhorn-system';

/** Storage classes that the manager makes, deletes and makes again as it likes. */
export const RESERVED_CLASS_NAMES: readonly string[] = ['longhorn', 'longhorn-static'];

/** Priority class of all Longhorn pods, ours and those that Longhorn creates. */
export const PRIORITY_CLASS = 'longhorn-critical';

export const SERVICE_ACCOUNTS = {
  manager: 'longhorn-service-account',
  ui: 'longhorn-ui-service-account',
  supportBundle: 'longhorn-support-bundle',
} as const;

export const PORTS = {
  manager: 9500,
  conversionWebhook: 9501,
  admissionWebhook: 9502,
  recoveryBackend: 9503,
  ui: 8000,
  uiService: 80,
  nfs: 2049,
} as const;

const image = (name: string, version: string = RELEASE.version) => `docker.io/longhornio/${name}:${version}`;

/**
 * An image that appears only in an argument or a variable is still pulled on the nodes: mirrors need all of
 * them.
 */
export const IMAGES = {
  manager: image('longhorn-manager'),
  engine: image('longhorn-engine'),
  instanceManager: image('longhorn-instance-manager'),
  shareManager: image('longhorn-share-manager'),
  backingImageManager: image('backing-image-manager'),
  ui: image('longhorn-ui'),
  supportBundleKit: image('support-bundle-kit', 'v0.0.92'),
  csiAttacher: image('csi-attacher', 'v4.12.0'),
  csiProvisioner: image('csi-provisioner', 'v5.3.0'),
  csiNodeDriverRegistrar: image('csi-node-driver-registrar', 'v2.17.0'),
  csiResizer: image('csi-resizer', 'v2.2.1'),
  csiSnapshotter: image('csi-snapshotter', 'v8.6.0'),
  csiLivenessProbe: image('livenessprobe', 'v2.19.0'),
} as const;

/** Where pods of the namespace reach the manager's API, which asks nobody for a password. */
export const MANAGER_URL = `http://longhorn-backend:${String(PORTS.manager)}`;
