import { App, Chart } from 'cdk8s';
import type { ClusterNetwork } from '../kubernetes/cluster';
import { duration } from '../kubernetes/duration';
import type { KubernetesObject } from '../kubernetes/object';
import { title } from '../kubernetes/object';
import { cpu, type Bytes } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import type { LonghornProps } from './longhorn';
import { Longhorn } from './longhorn';
import { facilityDefaults } from './settings';

const cluster: ClusterNetwork = {
  apiServer: { cidrs: ['192.0.2.10/32'], port: 6443 },
  dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } },
  monitoringNamespace: 'monitoring',
};

const smallest: LonghornProps = {
  cluster,
  settings: facilityDefaults({ replicas: 2, overProvisioningPercent: 100 }),
  tolerations: [],
  nodeCidrs: ['192.0.2.0/24'],
  supportBundle: false,
};

const mebibytes = (count: number): Bytes => ({ bytes: count * 1024 ** 2, text: `${String(count)}Mi` });
const resources = (size: number): Resources => ({
  requests: { cpu: cpu(size), memory: mebibytes(size) },
  limits: { memory: mebibytes(2 * size) },
});

/** A new prop does not compile until it is set here, and the test below says what it must do. */
const everything: Required<LonghornProps> = {
  cluster,
  settings: { ...smallest.settings, 'log-level': 'Warn' },
  tolerations: [
    { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
    { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
    { key: 'dedicated', effect: 'NoExecute' },
  ],
  nodeCidrs: ['192.0.2.0/24', '198.51.100.0/24'],
  supportBundle: true,
  backup: { url: 's3://backup@region/site', credentialSecret: 'longhorn-s3', pollInterval: duration(300) },
  backupEgress: [{ cidrs: ['203.0.113.7/32'], port: 9000 }],
  imagePullSecret: 'mirror',
  uiReplicas: 1,
  managerResources: resources(301),
  driverDeployerResources: resources(302),
  uiResources: resources(303),
};

function synthesise(props: LonghornProps): KubernetesObject[] {
  const chart = new Chart(new App(), 'longhorn', { disableResourceNameHashes: true });
  new Longhorn(chart, 'longhorn', props);
  const objects: unknown[] = chart.toJson();
  return objects.filter(isObject);
}

function isObject(value: unknown): value is KubernetesObject {
  return typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;
}

function named(objects: readonly KubernetesObject[], wanted: string): KubernetesObject {
  const found = objects.filter((object) => title(object) === wanted);
  expect(found.map(title)).toEqual([wanted]);
  return found[0] ?? { apiVersion: '', kind: '', metadata: { name: '' } };
}

const small = synthesise(smallest);
const full = synthesise(everything);
const MANAGER = 'DaemonSet longhorn-system/longhorn-manager';
const DEPLOYER = 'Deployment longhorn-system/longhorn-driver-deployer';
const UI = 'Deployment longhorn-system/longhorn-ui';
const has = (part: Record<string, unknown>): unknown => expect.objectContaining(part);
const inPod = (spec: Record<string, unknown>) => ({ spec: { template: { spec } } });

describe('Longhorn', () => {
  test('has the plain objects of the release under their upstream names, and no kind besides', () => {
    expect(small.filter(({ kind }) => kind !== 'NetworkPolicy').map(title)).toEqual(
      expect.arrayContaining([
        'PriorityClass longhorn-critical',
        'ServiceAccount longhorn-system/longhorn-service-account',
        'ServiceAccount longhorn-system/longhorn-ui-service-account',
        'ServiceAccount longhorn-system/longhorn-support-bundle',
        'ConfigMap longhorn-system/longhorn-default-setting',
        'ConfigMap longhorn-system/longhorn-default-resource',
        'ConfigMap longhorn-system/longhorn-storageclass',
        'ClusterRole longhorn-role',
        'ClusterRoleBinding longhorn-bind',
        'Role longhorn-system/longhorn',
        'RoleBinding longhorn-system/longhorn',
        'Service longhorn-system/longhorn-backend',
        'Service longhorn-system/longhorn-frontend',
        'Service longhorn-system/longhorn-admission-webhook',
        'Service longhorn-system/longhorn-recovery-backend',
        MANAGER,
        DEPLOYER,
        UI,
      ]),
    );
    expect(small.filter(({ kind }) => kind !== 'NetworkPolicy')).toHaveLength(18);
  });

  test('has no Helm hook, no Job, no class named longhorn and nothing that Longhorn makes itself', () => {
    for (const object of [...small, ...full]) {
      expect(
        Object.keys(object.metadata.annotations ?? {}).filter((key) => key.startsWith('helm.sh/')),
      ).toEqual([]);
      expect(object.kind).not.toMatch(
        /^(Job|StorageClass|CSIDriver|Setting|BackupTarget|Node|Secret|\w*WebhookConfiguration)$/,
      );
    }
  });

  test('binds cluster-admin only where support bundles are wanted', () => {
    expect(small.map(title)).not.toContain('ClusterRoleBinding longhorn-support-bundle');
    expect(named(full, 'ClusterRoleBinding longhorn-support-bundle')).toMatchObject({
      roleRef: { name: 'cluster-admin' },
      subjects: [{ name: 'longhorn-support-bundle', namespace: 'longhorn-system' }],
    });
  });

  test.each([
    MANAGER,
    'ClusterRoleBinding longhorn-bind',
    'ConfigMap longhorn-system/longhorn-default-setting',
    'ConfigMap longhorn-system/longhorn-default-resource',
    'ConfigMap longhorn-system/longhorn-storageclass',
  ])('%s is deleted only after somebody confirms it', (wanted) => {
    expect(named(small, wanted).metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
    });
  });

  test('each taint is tolerated by the manager and listed in the setting, once', () => {
    expect(named(full, MANAGER)).toMatchObject(
      inPod({
        tolerations: [
          { key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' },
          { key: 'dedicated', operator: 'Exists', effect: 'NoExecute' },
        ],
      }),
    );
    expect(settingsOf(full)).toContain(
      'taint-toleration: "nvidia.com/gpu=present:NoSchedule;dedicated:NoExecute"\n',
    );
    expect(settingsOf(small)).toContain('taint-toleration: ""\n');
  });

  test('settings state the site’s values and always refuse the uninstallation', () => {
    expect(settingsOf(full)).toContain('log-level: "Warn"\n');
    expect(settingsOf(full)).toContain('deleting-confirmation-flag: "false"\n');
    expect(settingsOf(small)).toContain('concurrent-automatic-engine-upgrade-per-node-limit: "1"\n');
  });

  test('one pull secret serves our pods and those that Longhorn makes', () => {
    for (const pod of [MANAGER, DEPLOYER, UI]) {
      expect(named(full, pod)).toMatchObject(inPod({ imagePullSecrets: [{ name: 'mirror' }] }));
    }
    expect(settingsOf(full)).toContain('registry-secret: "mirror"\n');
    expect(settingsOf(small)).toContain('registry-secret: ""\n');
  });

  test('the backup target of the site reaches the ConfigMap of resources', () => {
    const resourceMap = (objects: readonly KubernetesObject[]) =>
      JSON.stringify(named(objects, 'ConfigMap longhorn-system/longhorn-default-resource')['data']);
    expect(resourceMap(full)).toContain('s3://backup@region/site');
    expect(resourceMap(small)).not.toContain('s3://');
  });

  test('resources and replicas are those that the site gives', () => {
    const requests = (size: number) =>
      has({ resources: has({ requests: { cpu: `${String(size)}m`, memory: `${String(size)}Mi` } }) });
    expect(named(full, MANAGER)).toMatchObject(inPod({ containers: [requests(301), expect.anything()] }));
    expect(named(full, DEPLOYER)).toMatchObject(
      inPod({ containers: [requests(302)], initContainers: [requests(302)] }),
    );
    expect(named(full, UI)).toMatchObject({
      spec: { replicas: 1, ...inPod({ containers: [requests(303)] }).spec },
    });
    expect(named(small, UI)).toMatchObject({ spec: { replicas: 2 } });
  });

  test('managers of all nodes are replaced at once, because two releases do not work together', () => {
    expect(named(small, MANAGER)).toMatchObject({
      spec: { updateStrategy: { rollingUpdate: { maxUnavailable: '100%' } } },
    });
  });

  test('the UI has no token for the API server', () => {
    expect(named(small, UI)).toMatchObject(inPod({ automountServiceAccountToken: false }));
  });

  test('egress to the backup target exists only where the site names it', () => {
    expect(JSON.stringify(full)).toContain('203.0.113.7/32');
    expect(small.map(title).filter((name) => name.endsWith('-backup'))).toEqual([]);
  });

  test('shared volumes can be mounted from every node network', () => {
    for (const cidr of everything.nodeCidrs) {
      expect(JSON.stringify(named(full, 'NetworkPolicy longhorn-system/longhorn-shared-volumes'))).toContain(
        cidr,
      );
    }
  });
});

function settingsOf(objects: readonly KubernetesObject[]): string {
  const { data } = named(objects, 'ConfigMap longhorn-system/longhorn-default-setting');
  const text =
    typeof data === 'object' && data !== null && 'default-setting.yaml' in data
      ? data['default-setting.yaml']
      : '';
  return typeof text === 'string' ? text : '';
}
