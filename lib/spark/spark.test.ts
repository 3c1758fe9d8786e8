import type { KubernetesObject } from '../kubernetes/object';
import { at, labelsAt, listAt, textAt } from '../kubernetes/read';
import { sparkDefaults } from './defaults';
import { executorPod } from './executor-pod';
import { sparkOverride } from './notebook';
import { DRIVER_PORTS, RELEASE } from './release';
import { ALL, DEFAULTS, POD, TWO_POOLS } from './spark.fixture';

function named(kind: string, namespace: string, name: string): KubernetesObject {
  const found = ALL.find(
    ({ kind: own, metadata }) => own === kind && metadata.name === name && metadata.namespace === namespace,
  );
  if (!found) throw new Error(`no ${kind} ${namespace}/${name}`);
  return found;
}

const settings = Object.fromEntries(
  sparkDefaults(DEFAULTS)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' ') as [string, string]),
);

test('heap and what is beside it are the memory of the pod, to the last mebibyte', () => {
  const [heap = '', overhead = ''] = [
    settings['spark.executor.memory'],
    settings['spark.executor.memoryOverhead'],
  ];
  expect(heap).toBe('4915m');
  expect(parseInt(heap) + parseInt(overhead)).toBe(8 * 1024);
});

test('a session asks for no more executors than the experiment may have', () => {
  expect(settings['spark.dynamicAllocation.maxExecutors']).toBe('20');
  expect(settings['spark.executor.cores']).toBe('2');
});

test('a driver is told to make neither ConfigMaps nor Services nor claims, to which it has no rights', () => {
  expect(settings).toMatchObject({
    'spark.kubernetes.executor.disableConfigMap': 'true',
    'spark.kubernetes.driver.service.deleteOnTermination': 'false',
    'spark.kubernetes.driver.ownPersistentVolumeClaim': 'false',
    'spark.kubernetes.driver.reusePersistentVolumeClaim': 'false',
  });
  expect(at(named('Role', 'spark-cms', 'spark-driver'), 'rules')).toEqual([
    {
      apiGroups: [''],
      resources: ['pods'],
      verbs: ['get', 'list', 'watch', 'create', 'delete', 'deletecollection'],
    },
  ]);
});

test('every port that a session may take is one that the policies open', () => {
  for (const key of ['spark.driver.port', 'spark.driver.blockManager.port']) {
    const first = Number(settings[key]);
    expect(first).toBeGreaterThanOrEqual(DRIVER_PORTS.from);
    expect(first + Number(settings['spark.port.maxRetries'])).toBeLessThanOrEqual(DRIVER_PORTS.to);
  }
  expect(settings['spark.blockManager.port']).toBe(String(RELEASE.ports.blockManager));
});

test('a session asks the API server by its Service, which is at 443 wherever the server itself is', () => {
  expect(settings['spark.master']).toBe('k8s://https://kubernetes.default.svc:443');
});

test('what a session has cached or shuffled holds executors for hours at most, not for as long as the notebook is there', () => {
  for (const key of ['executorIdleTimeout', 'cachedExecutorIdleTimeout', 'shuffleTracking.timeout'])
    expect(settings[`spark.dynamicAllocation.${key}`]).toMatch(/^\d+(?:min|h)$/);
});

test('a notebook that is stopped has the time to delete its executors', () => {
  expect(sparkOverride('cms').delete_grace_period).toBeGreaterThanOrEqual(10);
});

test('an executor is as hardened as every workload, has no rights, and ends some day', () => {
  const pod = executorPod(POD);
  expect(at(pod, 'spec')).toMatchObject({
    serviceAccountName: 'executor',
    automountServiceAccountToken: false,
    activeDeadlineSeconds: 3600,
    imagePullSecrets: [{ name: 'registry' }],
    securityContext: { runAsNonRoot: true, runAsUser: 185, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        resources: { limits: { 'ephemeral-storage': '20Gi' } },
      },
    ],
  });
});

test('executors run on the nodes of their pools and tolerate the taints of these', () => {
  expect(at(executorPod(POD), 'spec', 'nodeSelector')).toEqual({ 'analysis-facility/pool': 'cpu' });
  const both = executorPod(TWO_POOLS);
  expect(at(both, 'spec', 'nodeSelector')).toBeUndefined();
  const affinity = at(
    both,
    'spec',
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
  );
  expect(listAt(affinity, 'nodeSelectorTerms')).toHaveLength(2);
  expect(listAt(both, 'spec', 'tolerations').map(({ key }) => key)).toEqual(['nvidia.com/gpu', 'reserved']);
});

test('accounts give their token to nobody who does not ask for it', () => {
  const accounts = ALL.filter(({ kind }) => kind === 'ServiceAccount');
  expect(accounts).toHaveLength(4);
  for (const account of accounts) expect(account['automountServiceAccountToken']).toBe(false);
});

test('the account of an experiment has rights in the namespace of that experiment, and nowhere else', () => {
  const bindings = ALL.filter(({ kind }) => kind.endsWith('Binding'));
  expect(bindings.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`)).toEqual([
    'RoleBinding spark-cms',
    'RoleBinding spark-vo2',
  ]);
  for (const binding of bindings)
    expect(listAt(binding, 'subjects').map(({ name, namespace }) => [name, namespace])).toEqual([
      [binding.metadata.namespace, 'jupyterhub-users'],
    ]);
});

test('a notebook with Spark has what the component has made for its experiment, and the labels of its policies', () => {
  const override = sparkOverride('cms');
  expect(override.automount_service_account_token).toBe(true);
  named('ServiceAccount', 'jupyterhub-users', override.service_account ?? '');
  const map = named(
    'ConfigMap',
    'jupyterhub-users',
    textAt(override.volumes, 'spark', 'configMap', 'name') ?? '',
  );
  expect(Object.keys(labelsAt(map, 'data'))).toEqual(['executor.json', 'spark-defaults.conf']);
  const labels = { component: 'singleuser-server', ...override.extra_labels };
  const service = named('Service', 'jupyterhub-users', String(override.extra_pod_config?.['subdomain']));
  expect(at(service, 'spec', 'selector')).toEqual(labels);
  const policy = named('NetworkPolicy', 'jupyterhub-users', 'spark-cms');
  expect(at(policy, 'spec', 'podSelector', 'matchLabels')).toEqual(labels);
});

test('DNS has a name for each notebook by itself, before it is ready, because a kernel may start sooner', () => {
  expect(at(named('Service', 'jupyterhub-users', 'spark-cms'), 'spec')).toMatchObject({
    clusterIP: 'None',
    publishNotReadyAddresses: true,
  });
});

test('a notebook is reached by the name that DNS has for it', () => {
  const { environment, extra_pod_config: pod } = sparkOverride('cms');
  const name = `${String(pod?.['hostname'])}.${String(pod?.['subdomain'])}.jupyterhub-users.svc`;
  expect(settings['spark.driver.host']).toBe('${env:AF_SPARK_DRIVER_HOST}');
  expect(environment?.['AF_SPARK_DRIVER_HOST']).toBe(name);
  const mount = textAt(sparkOverride('cms').volume_mounts, 'spark', 'mountPath');
  expect(environment?.['SPARK_CONF_DIR']).toBe(mount);
  expect(settings['spark.kubernetes.executor.podTemplateFile']).toBe(`${mount ?? ''}/executor.json`);
});
