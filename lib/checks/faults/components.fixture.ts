import {
  CONTAINER,
  set,
  add,
  drop,
  mapObjects,
  asObject,
  inFile,
  extra,
  type Faults,
  type Change,
} from './planting.fixture';

const settings = (text: string): Change =>
  set('ConfigMap', 'longhorn-default-setting', ['data', 'default-setting.yaml'], text);
const hubText = (from: string, to: string) => inFile('hub', 'af.json', from, to);
const sparkText = (file: string, from: string, to: string) => inFile('spark-cms', file, from, to);

/** Changes a text in every configuration file of the pool. */
const condor =
  (from: string, to: string): Change =>
  (output) =>
    mapObjects(output, (object) =>
      object.kind === 'ConfigMap' && object.metadata.name.endsWith('-config')
        ? asObject(JSON.parse(JSON.stringify(object).replaceAll(from, to.replaceAll('\n', '\\n'))) as unknown)
        : object,
    );

const mapped = (text: string) => set('ConfigMap', 'access-point-ap1-maps', ['data', 'condor_mapfile'], text);

export const backupTarget = (name: string, pollInterval: string) =>
  add('storage', {
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'BackupTarget',
    metadata: { name },
    spec: { pollInterval },
  });
export const ignoringPolls =
  (change: Change): Change =>
  (output) =>
    set(
      'Application',
      'storage',
      ['spec', 'ignoreDifferences'],
      [{ group: 'longhorn.io', kind: 'BackupTarget', jsonPointers: ['/spec/syncRequestedAt'] }],
    )(change(output));

/** Mistakes of one component. */
export const COMPONENT_FAULTS: Faults = {
  'AF-CM-21': [
    add('cert-manager', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name: 'early' },
    }),
  ],
  'AF-CM-22': [
    set('Role', 'cert-manager:leaderelection', ['metadata', 'namespace'], 'kube-system'),
    set(
      'Deployment',
      'cert-manager-cainjector',
      [...CONTAINER, 'args'],
      ['--leader-election-namespace=kube-system'],
    ),
  ],
  'AF-CM-23': [
    add('cert-manager', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'cert-manager-startupapicheck' },
    }),
  ],
  'AF-LH-02': [
    settings('deleting-confirmation-flag: "true"\n'),
    set('Application', 'longhorn', ['metadata', 'finalizers'], ['resources-finalizer.argocd.argoproj.io']),
    add('longhorn', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'bye', annotations: { 'argocd.argoproj.io/hook': 'PreDelete' } },
    }),
  ],
  'AF-LH-03': [drop('NetworkPolicy', /metrics/)],
  'AF-LH-04': [
    settings('taint-toleration: ""\n'),
    set('DaemonSet', 'longhorn-manager', ['spec', 'template', 'spec', 'tolerations'], []),
  ],
  'AF-LH-05': [
    add('storage', { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'longhorn' } }),
    set(
      'ConfigMap',
      'longhorn-storageclass',
      ['data', 'storageclass.yaml'],
      'storageclass.kubernetes.io/is-default-class: "true"',
    ),
  ],
  'AF-LH-06': [
    ignoringPolls(backupTarget('default', '5m0s')),
    ignoringPolls(backupTarget('second', '300')),
    backupTarget('second', '5m0s'),
  ],
  'AF-LH-07': [
    settings('replica-autobalance: "least-effort"\n'),
    add('longhorn', {
      apiVersion: 'longhorn.io/v1beta2',
      kind: 'Setting',
      metadata: { name: 'upgrade-checker' },
    }),
    set('Application', 'longhorn', ['spec', 'ignoreDifferences'], [{ group: '', kind: 'ConfigMap' }]),
  ],
  'AF-LH-30': [settings('concurrent-automatic-engine-upgrade-per-node-limit: "0"\n')],
  'AF-LH-31': [
    add('storage', {
      apiVersion: 'longhorn.io/v1beta2',
      kind: 'RecurringJob',
      metadata: { name: 'trim' },
      spec: { name: 'trim', task: 'filesystem-trim', retain: 5 },
    }),
    add('storage', {
      apiVersion: 'longhorn.io/v1beta2',
      kind: 'RecurringJob',
      metadata: { name: 'nightly' },
      spec: { name: 'other', task: 'backup', retain: 1 },
    }),
  ],
  'AF-JH-40': [
    hubText('"start_timeout"', '"startTimeout"'),
    hubText('"tolerations"', '"extra_tolerations"'),
    hubText('"login_service"', '"loginService"'),
    hubText('"service_account"', '"serviceAccount"'),
  ],
  'AF-JH-41': [
    hubText('300', '301'),
    set('Deployment', 'proxy', ['spec', 'template', 'metadata', 'annotations'], {
      'analysis-facility/config-sha256': 'the same',
    }),
  ],
  'AF-JH-42': [
    set('Role', 'hub', ['rules', 0, 'resources'], ['pods', 'secrets']),
    set('Role', 'hub', ['rules', 1, 'verbs'], ['get', 'create', 'delete']),
    set('RoleBinding', 'hub', ['metadata', 'namespace'], 'jupyterhub'),
  ],
  'AF-GPU-41': [
    hubText('"NVIDIA_VISIBLE_DEVICES": "void"', '"NVIDIA_VISIBLE_DEVICES": "all"'),
    hubText('"nvidia.com/gpu.product"', '"nvidia.com/gpu.family"'),
    hubText('"nvidia.com/mig-1g.5gb": "2"', '"nvidia.com/mig-1g.5gb": "2", "nvidia.com/gpu": "1"'),
  ],
  'AF-SPARK-40': [
    sparkText('executor.json', '"runAsNonRoot": true', '"runAsNonRoot": false'),
    sparkText('executor.json', '"RuntimeDefault"', '"Unconfined"'),
    sparkText('executor.json', '"allowPrivilegeEscalation": false', '"allowPrivilegeEscalation": true'),
    sparkText('executor.json', '"ALL"', '"NET_RAW"'),
    sparkText(
      'executor.json',
      '"automountServiceAccountToken": false',
      '"automountServiceAccountToken": true',
    ),
    sparkText('executor.json', '"serviceAccountName": "executor"', '"serviceAccountName": "default"'),
    sparkText('executor.json', '"activeDeadlineSeconds": 43200,', ''),
    sparkText('executor.json', '"limits"', '"limit"'),
    sparkText('executor.json', '"runAsGroup": 185', '"runAsGroup": 0'),
    sparkText('executor.json', '"enableServiceLinks": false,', ''),
    sparkText('executor.json', '"name": "executor"', '"name": "spark"'),
    ...[
      ['submit.deployMode client', 'submit.deployMode cluster'],
      ['network.crypto.enabled true', 'network.crypto.enabled false'],
      ['dynamicAllocation.enabled true', 'dynamicAllocation.enabled false'],
      ['shuffleTracking.enabled true', 'shuffleTracking.enabled false'],
      ['useDriverPodIP false', 'useDriverPodIP true'],
      ['bindAddress 0.0.0.0', 'bindAddress 127.0.0.1'],
    ].map(([from = '', to = '']) => sparkText('spark-defaults.conf', from, to)),
    sparkText('spark-defaults.conf', 'af/spark:4.1.4', 'af/spark:latest'),
    sparkText('spark-defaults.conf', 'spark.authenticate true', 'spark.authenticate false'),
    set('Namespace', 'spark-cms', ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'], 'baseline'),
    drop('ResourceQuota', /^quota$/),
    drop('LimitRange', /^containers$/),
  ],
  'AF-SPARK-41': [
    hubText('"automount_service_account_token": false', '"automount_service_account_token": true'),
    set('Role', 'spark-driver', ['rules', 0, 'resources'], ['pods', 'secrets']),
    set('Role', 'spark-driver', ['rules', 0, 'verbs'], ['get', 'create', 'patch']),
    set('RoleBinding', 'spark-driver', ['subjects', 0, 'name'], 'spark-vo2'),
    set('RoleBinding', 'spark-driver', ['roleRef'], { kind: 'ClusterRole', name: 'edit' }),
  ],
  'AF-GPU-40': [
    set('Deployment', 'execute-a100', ['spec', 'template', 'spec', 'tolerations'], undefined),
    set('Deployment', 'execute-a100', ['spec', 'template', 'spec', 'nodeSelector'], undefined),
    set('Deployment', 'execute-a100', ['spec', 'template', 'spec', 'nodeSelector'], { pool: 'gpu-a100' }),
    set('Deployment', 'execute-a100', [...CONTAINER, 'resources', 'limits'], { cpu: '4' }),
    extra(['tolerations'], undefined),
  ],
  'AF-HTC-40': [
    condor('ALLOW_READ = *@$(UID_DOMAIN)', 'ALLOW_READ = *'),
    condor('ALLOW_READ = *@$(UID_DOMAIN)', 'ALLOW_READ = *@example.org'),
    condor('ALLOW_DAEMON = condor@$(UID_DOMAIN), root@$(UID_DOMAIN)', ''),
    condor('ALLOW_WRITE = condor@$(UID_DOMAIN), root@$(UID_DOMAIN)', 'ALLOW_WRITE = *@$(UID_DOMAIN)'),
    condor('ALLOW_NEGOTIATOR = condor@$(UID_DOMAIN)', 'ALLOW_NEGOTIATOR = *@$(UID_DOMAIN)'),
    condor('ALLOW_ADMINISTRATOR = root@$(UID_DOMAIN)', 'ALLOW_ADMINISTRATOR = *@$(UID_DOMAIN)'),
    condor('SEC_DEFAULT_ENCRYPTION = REQUIRED', 'SEC_DEFAULT_ENCRYPTION = OPTIONAL'),
    condor('SEC_DEFAULT_INTEGRITY = REQUIRED', ''),
    condor('SEC_DEFAULT_CRYPTO_METHODS = AES', 'SEC_DEFAULT_CRYPTO_METHODS = AES, 3DES'),
    condor('METHODS = FS, IDTOKENS', 'METHODS = FS, IDTOKENS, CLAIMTOBE'),
    condor(
      'SEC_ENABLE_TOKEN_REQUEST = False',
      'SEC_READ_ENCRYPTION = OPTIONAL\nSEC_ENABLE_TOKEN_REQUEST = False',
    ),
  ],
  'AF-HTC-41': [
    set(
      'Deployment',
      'execute-cpu',
      ['spec', 'template', 'spec', 'volumes', 1, 'secret', 'secretName'],
      'htcondor-signing-key',
    ),
    set(
      'StatefulSet',
      'access-point-ap1',
      [...CONTAINER, 'env'],
      [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'htcondor-signing-key', key: 'POOL' } } }],
    ),
    set(
      'StatefulSet',
      'central-manager',
      [...CONTAINER, 'env'],
      [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'htcondor-hub-key', key: 'hub-key' } } }],
    ),
    set(
      'Deployment',
      'proxy',
      [...CONTAINER, 'env'],
      [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'htcondor-hub-key', key: 'hub-key' } } }],
    ),
    // Access points have it too, and would make daemons with it.
    set(
      'StatefulSet',
      'central-manager',
      [...CONTAINER, 'env'],
      [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'htcondor-monitor-key', key: 'monitor-key' } } }],
    ),
    set(
      'Deployment',
      'exporter',
      ['spec', 'template', 'spec', 'volumes', 4, 'projected', 'sources', 0, 'secret', 'name'],
      'htcondor-signing-key',
    ),
  ],
  'AF-HTC-42': [
    mapped('SCITOKENS .* cms_\\1@htc.af.pg.example.org\n'),
    mapped('SCITOKENS /^https:\\/\\/iam.cms.example.org,([A-Za-z0-9-]+)$/ cms_\\1@htc.af.pg.example.org\n'),
    mapped('SCITOKENS /https:\\/\\/iam\\.example\\.org,([A-Za-z0-9-]+)$/ cms_\\1@htc.af.pg.example.org\n'),
    mapped(
      ['a', 'b']
        .map(
          (name) => `SCITOKENS /^https:\\/\\/iam\\.example\\.org,([A-Za-z0-9-]+)$/ ${name}_\\1@example.org\n`,
        )
        .join(''),
    ),
  ],
};
