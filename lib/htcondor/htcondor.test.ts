import { at, everyMapping, labelsAt, listAt, textAt, textsAt } from '../kubernetes/read';
import { title, type KubernetesObject } from '../kubernetes/object';
import { apptainerSettings } from './config/containers';
import { workerResources } from './worker-pod';
import { configurations, everything, gibibytes, named, smallest, synthesise } from './htcondor.fixture';
import { IMAGES } from './release';

const small = synthesise(smallest);
const full = synthesise(everything);
const password = synthesise({ ...everything, pool: { ...everything.pool, method: 'password' } });

const CM = 'StatefulSet htcondor/central-manager';
const AP1 = 'StatefulSet htcondor/access-point-ap1';
const AP2 = 'StatefulSet htcondor/access-point-ap2';
const CPU = 'Deployment htcondor-execute/execute-cpu';
const A100 = 'Deployment htcondor-execute/execute-a100';

const pod = (objects: readonly KubernetesObject[], name: string) =>
  at(named(objects, name), 'spec', 'template', 'spec');
const container = (objects: readonly KubernetesObject[], name: string) =>
  listAt(pod(objects, name), 'containers')[0] ?? {};
const secretsOf = (objects: readonly KubernetesObject[], name: string) =>
  [...everyMapping(pod(objects, name))].flatMap(
    (mapping) => textAt(mapping, 'secret', 'secretName') ?? textAt(mapping, 'secret', 'name') ?? [],
  );
/** Those that run daemons. */
const workloads = (objects: readonly KubernetesObject[]) =>
  objects.filter(
    ({ kind, metadata }) => ['StatefulSet', 'Deployment'].includes(kind) && metadata.name !== 'exporter',
  );
const script = (value: unknown) => textsAt(value, 'command').join(' ');

test('the smallest pool has one of each role, and nothing open to the outside', () => {
  expect(workloads(small).map(title)).toEqual([CM, AP1, CPU]);
  expect(small.filter(({ kind }) => kind === 'Service').map(title)).toEqual([
    'Service htcondor/central-manager',
    'Service htcondor/access-point-ap1',
  ]);
  expect(small.map(({ kind }) => kind)).not.toContain('Certificate');
  for (const service of small.filter(({ kind }) => kind === 'Service'))
    expect(at(service, 'spec', 'type')).toBe('ClusterIP');
});

describe.each([
  ['smallest', small],
  ['largest', full],
  ['password', password],
])('in the %s pool', (_, objects) => {
  test('the master runs itself, without the start script of the image, and with our configuration alone', () => {
    for (const workload of workloads(objects)) {
      const main = container(objects, title(workload));
      expect(main['command']).toEqual(['condor_master', '-f', '-t']);
      expect(listAt(main, 'volumeMounts')).toContainEqual({
        name: 'config',
        mountPath: '/etc/condor/config.d',
        readOnly: true,
      });
      expect(pod(objects, title(workload))).toMatchObject({
        enableServiceLinks: false,
        automountServiceAccountToken: false,
      });
    }
  });

  test('central manager and access points need neither root nor a capability', () => {
    for (const workload of workloads(objects).filter(({ kind }) => kind === 'StatefulSet')) {
      const spec = pod(objects, title(workload));
      expect(at(spec, 'securityContext')).toMatchObject({ runAsNonRoot: true, runAsUser: 64, fsGroup: 64 });
      for (const each of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')])
        expect(each['securityContext']).toEqual({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
    }
  });

  test('workers have the five capabilities that another account needs, and no group on their files', () => {
    for (const workload of workloads(objects).filter(({ kind }) => kind === 'Deployment')) {
      expect(container(objects, title(workload))['securityContext']).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'], add: ['CHOWN', 'DAC_OVERRIDE', 'KILL', 'SETGID', 'SETUID'] },
        ...(title(workload) === A100
          ? { seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/apptainer.json' } }
          : {}),
      });
      expect(at(pod(objects, title(workload)), 'securityContext')).toEqual({
        seccompProfile: { type: 'RuntimeDefault' },
      });
      const secret = listAt(pod(objects, title(workload)), 'volumes').find(({ name }) => name === 'secret');
      expect(at(secret, 'secret', 'defaultMode')).toBe(0o400);
    }
  });

  test('every group of pods has a budget that gives up one pod at a time', () => {
    const wanted = workloads(objects).filter((workload) => at(workload, 'spec', 'replicas') !== 0);
    for (const workload of wanted) {
      const budget = named(
        objects,
        `PodDisruptionBudget ${workload.metadata.namespace ?? ''}/${workload.metadata.name}`,
      );
      expect(at(budget, 'spec', 'maxUnavailable')).toBe(1);
      expect(at(budget, 'spec', 'selector')).toEqual(at(workload, 'spec', 'selector'));
    }
    expect(objects.filter(({ kind }) => kind === 'PodDisruptionBudget')).toHaveLength(wanted.length);
  });

  test('a daemon has five minutes to start, is soon not asked when it fails, and restarted after ten minutes only', () => {
    for (const workload of workloads(objects)) {
      const main = container(objects, title(workload));
      const seconds = (probe: string) =>
        Number(at(main, probe, 'periodSeconds')) * Number(at(main, probe, 'failureThreshold'));
      expect(['startupProbe', 'readinessProbe', 'livenessProbe'].map(seconds)).toEqual([300, 30, 600]);
    }
  });

  test('what keeps a queue or priorities is one pod with a volume that no second one mounts', () => {
    for (const workload of workloads(objects).filter(({ kind }) => kind === 'StatefulSet')) {
      expect(at(workload, 'spec', 'replicas')).toBe(1);
      expect(at(listAt(workload, 'spec', 'volumeClaimTemplates')[0], 'spec', 'accessModes')).toEqual([
        'ReadWriteOnce',
      ]);
    }
  });

  test('a changed configuration gives new pods', () => {
    for (const workload of workloads(objects))
      expect(
        labelsAt(workload, 'spec', 'template', 'metadata', 'annotations')['analysis-facility/config'],
      ).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('secrets', () => {
  test('the signing key is on the central manager alone, and each role has its own token', () => {
    expect(secretsOf(full, CM)).toContain('htcondor-signing-key');
    expect(secretsOf(full, AP1).sort()).toEqual([
      'access-point-ap1-tls',
      'htcondor-hub-key',
      'htcondor-monitor-key',
      'htcondor-token-ap',
    ]);
    expect(secretsOf(full, A100)).toEqual(['htcondor-token-execute']);
    expect(secretsOf(small, AP1)).toEqual(['htcondor-token-ap']);
  });

  test('with a password there is no signing key to steal', () => {
    for (const name of [CM, AP1, AP2, CPU]) {
      expect(secretsOf(password, name)).toContain('htcondor-pool-password');
      expect(secretsOf(password, name).join(' ')).not.toMatch(/signing-key|token/);
    }
  });

  test('are copied before the daemons start and again whenever they change, and only the copies are seen by daemons', () => {
    for (const name of [CM, AP1]) {
      const spec = pod(full, name);
      const refresher = listAt(spec, 'containers').find((each) => each['name'] === 'secrets');
      expect(script(listAt(spec, 'initContainers')[0])).toContain('install -m 0600');
      expect(script(refresher)).toContain('while :; do');
      const mounts = listAt(container(full, name), 'volumeMounts');
      for (const mount of mounts.filter((each) => /(?:tokens|passwords)\.d$/.test(String(each['mountPath']))))
        expect(mount['name']).toBe('own');
    }
  });
});

describe('the central manager', () => {
  test('is found by others, and by its own probe, before it is ready', () => {
    expect(at(named(full, 'Service htcondor/central-manager'), 'spec', 'publishNotReadyAddresses')).toBe(
      true,
    );
    expect(
      at(named(full, 'Service htcondor/access-point-ap1'), 'spec', 'publishNotReadyAddresses'),
    ).toBeUndefined();
    expect(at(container(full, CM), 'readinessProbe', 'exec', 'command')).toEqual([
      'condor_ping',
      '-type',
      'collector',
      '-quiet',
      'READ',
    ]);
  });

  test('is open to the outside only where the site says so, and then for users of its issuers', () => {
    expect(at(named(full, 'Service htcondor/central-manager-external'), 'spec')).toMatchObject({
      type: 'NodePort',
      externalTrafficPolicy: 'Cluster',
      ports: [{ port: 30_618, nodePort: 30_618, targetPort: 'condor' }],
    });
    expect(named(full, 'ConfigMap htcondor/central-manager-maps')).toBeDefined();
    expect(small.map(title)).not.toContain('ConfigMap htcondor/central-manager-maps');
  });

  test('keeps priorities on a volume of the class that it is given', () => {
    expect(listAt(named(full, CM), 'spec', 'volumeClaimTemplates')[0]).toMatchObject({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      spec: { storageClassName: 'spool', resources: { requests: { storage: '1Gi' } } },
    });
    expect(configurations(full).get('central-manager-config/30-groups.conf')).toContain(
      'GROUP_ACCEPT_SURPLUS = False',
    );
    expect(configurations(small).has('central-manager-config/30-groups.conf')).toBe(false);
    expect(configurations(full).get('central-manager-config/20-central-manager.conf')).toContain(
      'NEGOTIATOR_INTERVAL = 60',
    );
  });
});

describe('an access point', () => {
  test('has its spool, its port and its name for itself', () => {
    expect(listAt(named(full, AP1), 'spec', 'volumeClaimTemplates')[0]).toMatchObject({
      spec: { storageClassName: 'fast', resources: { requests: { storage: '50Gi' } } },
    });
    expect(at(named(full, 'Service htcondor/access-point-ap1-external'), 'spec')).toMatchObject({
      type: 'LoadBalancer',
      // Otherwise a node's address hides the client's, and the policy cannot tell them apart.
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      selector: { 'analysis-facility/access-point': 'ap1' },
    });
    const config = configurations(full).get('access-point-ap1-config/20-access-point.conf');
    expect(config).toContain('SCHEDD_NAME = ap1@$(NETWORK_HOSTNAME)');
    expect(config).toContain('MAX_JOBS_PER_OWNER = 500');
    expect(config).toContain('MAX_HISTORY_ROTATIONS = 30');
    expect(config).toContain('> 7200');
  });

  test('has a certificate for the name that clients use, with internal names only from a CA of the site', () => {
    expect(at(named(full, 'Certificate htcondor/access-point-ap1'), 'spec')).toMatchObject({
      secretName: 'access-point-ap1-tls',
      issuerRef: { kind: 'ClusterIssuer', name: 'public' },
      dnsNames: ['htc.example.org'],
    });
    expect(at(named(full, 'Certificate htcondor/central-manager'), 'spec', 'dnsNames')).toEqual([
      'htc.example.org',
      'central-manager.htcondor.svc.cluster.local',
    ]);
  });

  test('keeps the key of its certificate from all but its own group', () => {
    const tls = listAt(pod(full, AP1), 'volumes').find(({ name }) => name === 'tls');
    expect(at(tls, 'secret', 'defaultMode')).toBe(0o440);
  });

  test('maps users of issuers only where they can come from outside', () => {
    const maps = (name: string) => labelsAt(named(full, `ConfigMap htcondor/${name}-maps`), 'data');
    expect(maps('access-point-ap1')['condor_mapfile']).toContain('SCITOKENS');
    expect(maps('access-point-ap2')['condor_mapfile']).toBe('FS /(.*)/ \\1\n');
    expect(maps('access-point-ap2')['groups']).toContain('group_cms');
  });

  test('is taken away only when an admin confirms it', () => {
    for (const name of [CM, AP1])
      expect(labelsAt(named(full, name), 'metadata', 'annotations')).toEqual({
        'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
      });
  });
});

describe('a group of workers', () => {
  test('has as many workers as the site always wants', () => {
    expect(at(named(full, CPU), 'spec', 'replicas')).toBe(2);
    expect(at(named(full, A100), 'spec', 'replicas')).toBe(0);
  });

  test('offers what the pod may use, less what the daemons need', () => {
    expect(listAt(container(full, CPU), 'env')).toEqual([
      {
        name: '_condor_NUM_CPUS',
        valueFrom: { resourceFieldRef: { containerName: 'execute', resource: 'limits.cpu', divisor: '1' } },
      },
      {
        name: '_condor_MEMORY',
        valueFrom: {
          resourceFieldRef: { containerName: 'execute', resource: 'limits.memory', divisor: '1Mi' },
        },
      },
    ]);
    expect(at(container(full, CPU), 'resources')).toEqual({
      requests: { cpu: '4', memory: '8704Mi', 'ephemeral-storage': '21Gi' },
      limits: { cpu: '4', memory: '8704Mi', 'ephemeral-storage': '21Gi' },
    });
  });

  test('with GPUs has resource, selector and toleration together; one without has none of them', () => {
    expect(at(container(full, A100), 'resources', 'limits')).toMatchObject({ 'nvidia.com/mig-7g.40gb': '1' });
    expect(pod(full, A100)).toMatchObject({
      nodeSelector: { pool: 'gpu' },
      tolerations: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
    });
    expect(configurations(full).get('execute-a100-config/40-gpu.conf')).toContain('use FEATURE:GPUs(-extra)');
    expect(configurations(full).has('execute-cpu-config/40-gpu.conf')).toBe(false);
    expect(at(pod(full, CPU), 'tolerations')).toBeUndefined();
    expect(JSON.stringify(container(full, CPU))).not.toContain('nvidia');
  });

  test('lets jobs end before it goes, for as long as the site says', () => {
    expect(at(pod(full, CPU), 'terminationGracePeriodSeconds')).toBe(3660);
    expect(script(at(container(full, CPU), 'lifecycle', 'preStop', 'exec'))).toContain(
      'condor_off -peaceful',
    );
    expect(Number(at(named(full, CPU), 'spec', 'progressDeadlineSeconds'))).toBeGreaterThan(3660);
  });

  test('is replaced without a worker more than there is room for', () => {
    expect(at(named(full, CPU), 'spec', 'strategy')).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
  });

  test('takes jobs of the experiments that it is kept for', () => {
    expect(configurations(full).get('execute-a100-config/20-execute.conf')).toContain(
      'group_cms|group_my_vo',
    );
    expect(configurations(full).get('execute-cpu-config/20-execute.conf')).not.toContain('AcctGroup');
  });

  test('shows /cvmfs where the site has the driver', () => {
    expect(named(full, 'PersistentVolumeClaim htcondor-execute/cvmfs')).toMatchObject({
      spec: { storageClassName: 'cvmfs', accessModes: ['ReadOnlyMany'] },
    });
    expect(listAt(container(full, CPU), 'volumeMounts')).toContainEqual({
      name: 'cvmfs',
      mountPath: '/cvmfs',
      readOnly: true,
      mountPropagation: 'HostToContainer',
    });
    expect(JSON.stringify(small)).not.toContain('cvmfs');
  });

  test('has the profile of the nodes and a configured Apptainer where jobs may run in containers', () => {
    const extra = at(
      named(full, 'ScaledJob htcondor-execute/execute-a100-extra'),
      'spec',
      'jobTargetRef',
      'template',
      'spec',
    );
    for (const spec of [pod(full, A100), extra]) {
      const [main] = listAt(spec, 'containers');
      const [prepare] = listAt(spec, 'initContainers');
      expect(at(main, 'securityContext', 'seccompProfile')).toEqual({
        type: 'Localhost',
        localhostProfile: 'profiles/apptainer.json',
      });
      expect(at(prepare, 'securityContext', 'seccompProfile')).toBeUndefined();
      expect(listAt(main, 'volumeMounts')).toContainEqual({
        name: 'apptainer',
        mountPath: '/etc/apptainer/apptainer.conf',
        subPath: 'apptainer.conf',
        readOnly: true,
      });
      expect(listAt(spec, 'volumes')).toContainEqual({
        name: 'apptainer',
        configMap: { name: 'execute-a100-apptainer' },
      });
    }
    const settings = named(full, 'ConfigMap htcondor-execute/execute-a100-apptainer');
    expect(at(settings, 'data', 'apptainer.conf')).toBe(apptainerSettings());
    expect(configurations(full).get('execute-a100-config/50-containers.conf')).toContain('"/cvmfs"');
    expect(JSON.stringify(small)).not.toContain('pptainer');
    expect(JSON.stringify(pod(full, CPU))).not.toContain('pptainer');
  });

  test('jobs in containers are refused only by the access points of a pool that runs none', () => {
    const has = (objects: readonly KubernetesObject[]) =>
      configurations(objects).get('access-point-ap1-config/20-access-point.conf')?.includes('NoContainers');
    expect([has(small), has(full)]).toEqual([true, false]);
  });

  test('amounts are written as the API server would write them', () => {
    const limits = workerResources({
      cpus: 1,
      memory: gibibytes(1),
      disk: { bytes: 1000, text: '1k' },
    }).limits;
    expect(limits?.['memory']?.value).toBe('1536Mi');
    expect(limits?.['ephemeral-storage']?.value).toBe(String(1024 ** 3 + 1000));
  });
});

test('images are pulled with the secrets of the site', () => {
  for (const workload of workloads(full))
    expect(at(pod(full, title(workload)), 'imagePullSecrets')).toEqual([{ name: 'mirror' }]);
  expect(at(pod(small, CM), 'imagePullSecrets')).toBeUndefined();
});

test('the image of each role is that of the release', () => {
  expect(container(full, CM)['image']).toBe(IMAGES.centralManager);
  expect(container(full, AP1)['image']).toBe(IMAGES.accessPoint);
  expect(container(full, CPU)['image']).toBe(IMAGES.execute);
  expect(Object.values(IMAGES)).toEqual([
    'docker.io/htcondor/cm:25.0.13-el9',
    'docker.io/htcondor/submit:25.0.13-el9',
    'docker.io/htcondor/execute:25.0.13-el9',
  ]);
});

test('workers run the image that the site names for their group, and otherwise the one of upstream', () => {
  const images = (name: string) =>
    ['initContainers', 'containers'].flatMap((key) => listAt(pod(full, name), key).map(({ image }) => image));
  expect(new Set(images(A100))).toEqual(new Set(['registry.example.org/af/execute-dask:1.2.3']));
  expect(new Set(images(CPU))).toEqual(new Set([IMAGES.execute]));
});
