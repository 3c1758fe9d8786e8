import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPrograms } from '../commands/read-programs';
import type { KubernetesObject } from '../kubernetes/object';
import { isFields, textAt } from '../kubernetes/read';
import { parseSite } from '../site/parse';
import { siteOutput } from '../synthesise';
import { CHECKS, NOT_CHECKED } from '.';
import { runCheck, type SiteOutput } from './check';

const file = path.join(__dirname, '..', 'site', 'fixtures', 'good', 'full.yaml');
const parsed = parseSite({ file, folder: 'full', bytes: readFileSync(file) });
if (!('site' in parsed)) throw new Error('the fixture has mistakes');
const good = siteOutput(parsed.site, readPrograms());

type Change = (output: SiteOutput) => SiteOutput;
type Steps = readonly (string | number)[];

/** Sets a field of one object; `undefined` removes it. */
const set =
  (kind: string, name: string, steps: Steps, value: unknown): Change =>
  (output) =>
    mapObjects(output, (object) =>
      object.kind === kind && object.metadata.name === name
        ? asObject(replaced(object, steps, value))
        : object,
    );

const add =
  (component: string, object: object): Change =>
  (output) => ({
    ...output,
    components: output.components.map((each) =>
      each.name === component ? { ...each, objects: [...each.objects, asObject(object)] } : each,
    ),
  });

const drop =
  (kind: string, name: RegExp): Change =>
  (output) => ({
    ...output,
    components: output.components.map((each) => ({
      ...each,
      objects: each.objects.filter((object) => object.kind !== kind || !name.test(object.metadata.name)),
    })),
  });

function mapObjects(output: SiteOutput, change: (object: KubernetesObject) => KubernetesObject): SiteOutput {
  return {
    ...output,
    components: output.components.map((each) => ({ ...each, objects: each.objects.map(change) })),
  };
}

function replaced(value: unknown, [step, ...rest]: Steps, by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? replaced(item, rest, by) : item));
  const fields = isFields(value) ? value : {};
  const { [step]: old, ...others } = fields;
  const fresh = replaced(old, rest, by);
  return fresh === undefined ? others : { ...others, [step]: fresh };
}

function asObject(value: unknown): KubernetesObject {
  return JSON.parse(JSON.stringify(value)) as KubernetesObject;
}

const settings = (text: string): Change =>
  set('ConfigMap', 'longhorn-default-setting', ['data', 'default-setting.yaml'], text);
const SYNC_OPTIONS = ['metadata', 'annotations', 'argocd.argoproj.io/sync-options'];
const options = (...names: string[]) =>
  set('Application', 'crds-cert-manager', ['spec', 'syncPolicy', 'syncOptions'], names);
/** Changes a text in one file of a ConfigMap. */
const inFile =
  (map: string, file: string, from: string, to: string): Change =>
  (output) =>
    mapObjects(output, (object) =>
      object.kind === 'ConfigMap' && object.metadata.name === map
        ? asObject(replaced(object, ['data', file], textAt(object, 'data', file)?.replace(from, to) ?? ''))
        : object,
    );
const hubText = (from: string, to: string) => inFile('hub', 'af.json', from, to);
const sparkText = (file: string, from: string, to: string) => inFile('spark-cms', file, from, to);
const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];
const INIT_CONTAINER = ['spec', 'template', 'spec', 'initContainers', 0];
const OWN_PROFILE = { type: 'Localhost', localhostProfile: 'profiles/apptainer.json' };
const EXTRA_POD = ['spec', 'jobTargetRef', 'template', 'spec'];
const extra = (steps: Steps, value: unknown) =>
  set('ScaledJob', 'execute-a100-extra', [...EXTRA_POD, ...steps], value);
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
const policy = (spec: object) =>
  add('longhorn', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'planted', namespace: 'longhorn-system' },
    spec,
  });

const backupTarget = (name: string, pollInterval: string) =>
  add('storage', {
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'BackupTarget',
    metadata: { name },
    spec: { pollInterval },
  });

const ignoringPolls =
  (change: Change): Change =>
  (output) =>
    set(
      'Application',
      'storage',
      ['spec', 'ignoreDifferences'],
      [{ group: 'longhorn.io', kind: 'BackupTarget', jsonPointers: ['/spec/syncRequestedAt'] }],
    )(change(output));

/** For each check something that its field has got wrong before, or that a careless change would. */
const FAULTS: Readonly<Record<string, readonly Change[]>> = {
  'AF-ARGO-01': [
    set('Service', 'cert-manager', ['metadata', 'annotations'], { 'helm.sh/hook': 'pre-upgrade' }),
  ],
  'AF-ARGO-08': [
    add('argocd', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'hub' },
      spec: { parentRefs: [{ name: 'public' }] },
    }),
  ],
  'AF-ARGO-09': [
    set(
      'Application',
      'longhorn',
      ['spec', 'ignoreDifferences'],
      [{ group: 'apps', kind: 'MutatingWebhookConfiguration' }],
    ),
  ],
  'AF-ARGO-10': [
    set(
      'MutatingWebhookConfiguration',
      'cert-manager-webhook',
      ['webhooks', 0, 'clientConfig', 'caBundle'],
      '',
    ),
  ],
  'AF-ARGO-11': [
    add('longhorn', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'schedd' },
      spec: {
        volumeClaimTemplates: [{ metadata: { name: 'spool' }, spec: { accessModes: ['ReadWriteOnce'] } }],
      },
    }),
  ],
  'AF-ARGO-12': [
    (output) =>
      add('longhorn', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'hub', namespace: 'jupyterhub' },
        spec: { template: { spec: { volumes: [{ persistentVolumeClaim: { claimName: 'hub-db' } }] } } },
      })(
        add('longhorn', {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: {
            name: 'hub-db',
            namespace: 'jupyterhub',
            annotations: { 'argocd.argoproj.io/sync-wave': '-1' },
          },
        })(output),
      ),
    (output) =>
      add('longhorn', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'hook', namespace: 'jupyterhub' },
        spec: { volumes: [{ persistentVolumeClaim: { claimName: 'hub-db' } }] },
      })(
        add('longhorn', {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: {
            name: 'hub-db',
            namespace: 'jupyterhub',
            annotations: { 'argocd.argoproj.io/sync-wave': '1' },
          },
        })(output),
      ),
  ],
  'AF-ARGO-13': [
    set('Namespace', 'longhorn-system', SYNC_OPTIONS, 'Prune=false'),
    (output) =>
      mapObjects(output, (object) =>
        object.kind === 'Certificate' ? asObject(replaced(object, SYNC_OPTIONS, undefined)) : object,
      ),
    (output) =>
      mapObjects(output, (object) =>
        object.kind === 'StorageClass' ? asObject(replaced(object, SYNC_OPTIONS, 'Delete=false')) : object,
      ),
  ],
  'AF-ARGO-14': [
    add('longhorn', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'longhorn-system' } }),
    options('CreateNamespace=true', 'FailOnSharedResource=true'),
    options('ServerSideApply=true'),
  ],
  'AF-ARGO-15': [
    set('Namespace', 'cert-manager', ['metadata', 'labels'], {}),
    set(
      'Namespace',
      'longhorn-system',
      ['metadata', 'annotations', 'analysis-facility/pod-security-reason'],
      undefined,
    ),
  ],
  'AF-ARGO-16': [
    options('Prune=false', 'Delete=false'),
    options('ServerSideApply=true', 'Prune=false', 'Delete=false', 'Replace=true'),
    add('storage', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.org' },
    }),
  ],
  'AF-ARGO-17': [
    set('Application', 'storage', ['spec', 'syncPolicy', 'syncOptions', 0], 'Replace=true'),
    set('Deployment', 'cert-manager', ['metadata', 'annotations'], {
      'argocd.argoproj.io/sync-options': 'Force=true,Replace=true',
    }),
  ],
  'AF-ARGO-18': [
    add('longhorn', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate', namespace: 'longhorn-system' },
    }),
  ],
  'AF-ARGO-19': [
    set('Application', 'certificates', ['spec', 'syncPolicy', 'retry', 'limit'], 3),
    set('Application', 'certificates', ['spec', 'syncPolicy', 'syncOptions'], ['ServerSideApply=true']),
  ],
  'AF-ARGO-24': [
    set('ConfigMap', 'argocd-cm', ['data', 'application.resourceTrackingMethod'], 'label'),
    set(
      'Deployment',
      'cert-manager',
      ['spec', 'selector', 'matchLabels', 'app.kubernetes.io/instance'],
      'cert-manager',
    ),
  ],
  'AF-ARGO-26': [
    set('Service', 'cert-manager', ['spec', 'ports', 0, 'name'], undefined),
    set('Deployment', 'cert-manager', [...CONTAINER, 'ports', 1], {
      name: 'again',
      protocol: 'TCP',
      containerPort: 9402,
    }),
  ],
  'AF-ARGO-27': [
    (output) => ({
      ...output,
      components: output.components.map((each) =>
        each.name === 'crds-longhorn'
          ? {
              ...each,
              files: {
                'kustomization.yaml': {
                  resources: ['https://github.com/longhorn/longhorn//deploy?ref=v1.12.1'],
                },
              },
            }
          : each,
      ),
    }),
    (output) => ({
      ...output,
      components: output.components.map((each) =>
        each.name === 'longhorn' ? { ...each, files: { 'kustomization.yaml': {} } } : each,
      ),
    }),
  ],
  'AF-ARGO-28': [set('Application', 'crds-cert-manager', ['spec', 'source', 'targetRevision'], 'v1.21.1')],
  'AF-ARGO-40': [
    set('AppProject', 'platform', ['spec', 'clusterResourceWhitelist'], []),
    set('AppProject', 'platform', ['spec', 'destinations'], [{ namespace: 'cert-manager' }]),
    set(
      'AppProject',
      'default',
      ['spec', 'namespaceResourceWhitelist'],
      [{ group: 'argoproj.io', kind: 'Application' }],
    ),
    set('Application', 'longhorn', ['spec', 'project'], 'nowhere'),
    set('Application', 'longhorn', ['spec', 'project'], 'crds'),
    set('Role', 'spark-driver', ['metadata', 'namespace'], 'sparks'),
  ],
  'AF-ARGO-41': [
    set('Application', 'storage', ['spec', 'syncPolicy', 'automated', 'prune'], true),
    set('StatefulSet', 'central-manager', ['metadata', 'annotations'], {}),
    set(
      'Application',
      'certificates',
      ['metadata', 'finalizers'],
      ['resources-finalizer.argocd.argoproj.io'],
    ),
  ],
  'AF-ARGO-43': [
    set('Application', 'root', ['metadata', 'annotations'], {}),
    set('Application', 'root', ['metadata', 'annotations', 'argocd.argoproj.io/sync-wave'], '10'),
  ],
  'AF-ARGO-42': [
    set(
      'Deployment',
      'cert-manager',
      [...CONTAINER, 'image'],
      'quay.io/jetstack/cert-manager-controller:v1.20.0',
    ),
    set('Application', 'crds-cert-manager', ['spec', 'source', 'targetRevision'], '0'.repeat(40)),
  ],
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
  'AF-NET-40': [drop('NetworkPolicy', /^default-deny$/)],
  'AF-NET-41': [
    policy({ podSelector: {}, egress: [{}] }),
    ...['0.0.0.0/0', '::/0', '128.0.0.0/1', 'fc00::/7'].map((cidr) =>
      policy({ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr } }] }] }),
    ),
    policy({
      podSelector: {},
      egress: [{ to: [{ ipBlock: { cidr: '::/0', except: ['fe80::/10'] } }] }],
    }),
  ],
  'AF-NET-42': [
    // Nobody who asks, nobody who answers, another port, other pods, another namespace.
    set('NetworkPolicy', 'exporter', ['spec', 'egress', 1, 'ports', 0, 'port'], 9617),
    set('NetworkPolicy', 'access-point', ['spec', 'ingress'], []),
    set('NetworkPolicy', 'spark-cms', ['spec', 'egress', 0, 'ports', 0, 'port'], 7078),
    set('NetworkPolicy', 'spark-cms', ['spec', 'podSelector', 'matchLabels'], {
      component: 'singleuser-server',
    }),
    set('NetworkPolicy', 'executors', ['spec', 'egress', 0, 'to', 0, 'podSelector'], {}),
    set('NetworkPolicy', 'execute-cpu-dask', ['spec', 'ingress', 0, 'ports', 0, 'endPort'], 10_250),
    set('NetworkPolicy', 'execute-cpu-dask', ['spec', 'egress', 0, 'ports', 0, 'port'], 8787),
    set('NetworkPolicy', 'proxy', ['spec', 'egress', 0, 'ports', 0, 'port'], 8082),
    set('NetworkPolicy', 'hub', ['spec', 'ingress', 1, 'ports', 0, 'port'], 'http'),
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
  'AF-REF-40': [
    set('Service', 'cert-manager-webhook', ['spec', 'selector'], {}),
    set('Service', 'cert-manager-webhook', ['spec', 'selector', 'app.kubernetes.io/name'], 'webhok'),
    set('Deployment', 'longhorn-ui', ['spec', 'template', 'metadata', 'labels', 'app'], 'ui'),
    set('Service', 'spark-cms', ['spec', 'selector', 'analysis-facility/spark'], 'atlas'),
  ],
  'AF-REF-41': [set('Service', 'longhorn-frontend', ['spec', 'ports', 0, 'targetPort'], 'web')],
  'AF-REF-42': [
    drop('ServiceAccount', /^cert-manager-webhook$/),
    drop('ClusterRole', /^longhorn-role$/),
    drop('ClusterIssuer', /^self-signed$/),
    (output) => ({ ...output, neededSecrets: [] }),
    extra(['volumes', 1, 'secret', 'secretName'], 'htcondor-token-exekute'),
  ],
  'AF-REF-43': [
    set('ServiceMonitor', 'exporter', ['spec', 'endpoints', 0, 'port'], 'metrics'),
    set('ServiceMonitor', 'exporter', ['spec', 'selector', 'matchLabels'], {}),
    set('ServiceMonitor', 'exporter-certificates', ['spec', 'namespaceSelector'], undefined),
    drop('Service', /^exporter$/),
  ],
  'AF-SEC-40': [
    add('longhorn', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's3' },
      stringData: { key: 'value' },
    }),
    set('ConfigMap', 'argocd-cm', ['data', 'note'], '-----BEGIN EC PRIVATE KEY-----'),
  ],
  'AF-SEC-41': [
    set(
      'Deployment',
      'cert-manager',
      [...CONTAINER, 'image'],
      'quay.io/jetstack/cert-manager-controller:latest',
    ),
    set(
      'Deployment',
      'cert-manager',
      [...CONTAINER, 'args'],
      ['--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver'],
    ),
    set('Deployment', 'longhorn-driver-deployer', [...CONTAINER, 'env', 0], {
      name: 'CSI_ATTACHER_IMAGE',
      value: 'docker.io/longhornio/csi-attacher:v4',
    }),
  ],
  'AF-SEC-42': [
    set('Deployment', 'cert-manager', [...CONTAINER, 'securityContext'], { allowPrivilegeEscalation: true }),
    set('Deployment', 'cert-manager', [...CONTAINER, 'resources', 'limits'], undefined),
    extra(['containers', 0, 'securityContext', 'capabilities'], {}),
    set('Deployment', 'cert-manager', ['spec', 'template', 'spec', 'securityContext', 'runAsNonRoot'], false),
    set('Deployment', 'cert-manager', [...CONTAINER, 'securityContext', 'seccompProfile'], OWN_PROFILE),
    set('Deployment', 'execute-a100', [...INIT_CONTAINER, 'securityContext', 'seccompProfile'], OWN_PROFILE),
    extra(['containers', 0, 'securityContext', 'seccompProfile'], { type: 'Unconfined' }),
  ],
  'AF-SEC-43': [
    set('Deployment', 'cert-manager', ['spec', 'template', 'spec', 'serviceAccountName'], undefined),
    extra(['serviceAccountName'], undefined),
    set('ClusterRoleBinding', 'longhorn-bind', ['roleRef', 'name'], 'cluster-admin'),
    set('ClusterRole', 'longhorn-role', ['rules'], [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  ],
  'AF-SEC-44': [
    extra(['containers', 0, 'securityContext', 'seccompProfile'], undefined),
    set('Deployment', 'execute-cpu', [...CONTAINER, 'securityContext', 'seccompProfile'], OWN_PROFILE),
    set('ConfigMap', 'execute-a100-config', ['data', '50-containers.conf'], undefined),
    extra(['containers', 0, 'securityContext', 'capabilities', 'add'], ['SETGID', 'SETUID', 'SYS_ADMIN']),
    extra(['containers', 0, 'securityContext', 'privileged'], true),
    extra(['containers', 0, 'securityContext', 'procMount'], 'Unmasked'),
  ],
};

test('a site without mistakes passes every check', () => {
  expect(CHECKS.flatMap((check) => runCheck(check, good).findings)).toEqual([]);
});

test('a backup target of its own passes where its polls are ignored', () => {
  const check = CHECKS.find(({ id }) => id === 'AF-LH-06');
  const output = ignoringPolls(backupTarget('second', '5m0s'))(good);
  expect(check && runCheck(check, output)).toMatchObject({ looked: 1, findings: [] });
});

test('every check has a planted fault, and no fault is without its check', () => {
  expect(Object.keys(FAULTS).sort()).toEqual(CHECKS.map(({ id }) => id).sort());
});

const cases = Object.entries(FAULTS).flatMap(([id, changes]) =>
  changes.map((change, index) => ({ id, index, change })),
);

test.each(cases)('$id turns red for planted fault $index', ({ id, change }) => {
  const check = CHECKS.find((each) => each.id === id);
  expect(check && runCheck(check, change(good)).findings).not.toEqual([]);
});

test.each(CHECKS.filter(({ needs }) => needs !== undefined).map((check) => ({ id: check.id, check })))(
  '$id does not pass on nothing where its component is there',
  ({ check }) => {
    const hollow = {
      ...good,
      components: good.components.map((each) => ({ ...each, objects: [], files: {} })),
    };
    expect(runCheck(check, hollow)).toMatchObject({
      looked: 0,
      findings: [expect.stringContaining('nothing to look at')],
    });
  },
);

test('ids are unique, and each assertion of the list of known failures is checked or has its reason', () => {
  const ids = [...CHECKS.map(({ id }) => id), ...Object.keys(NOT_CHECKED)];
  expect(new Set(ids).size).toBe(ids.length);
  const numbers = ids.map((id) => Number(id.slice(-2))).filter((number) => number < 40);
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
});
