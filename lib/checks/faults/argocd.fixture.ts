import { CONTAINER, set, add, mapObjects, replaced, asObject, type Faults } from './planting.fixture';

const SYNC_OPTIONS = ['metadata', 'annotations', 'argocd.argoproj.io/sync-options'];
const options = (...names: string[]) =>
  set('Application', 'crds-cert-manager', ['spec', 'syncPolicy', 'syncOptions'], names);

/** Mistakes in what Argo CD reads. */
export const ARGOCD_FAULTS: Faults = {
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
};
