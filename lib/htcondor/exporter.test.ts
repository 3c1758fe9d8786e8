import path from 'node:path';
import { at, everyMapping, labelsAt, listAt, textAt, textsAt } from '../kubernetes/read';
import type { KubernetesObject } from '../kubernetes/object';
import { exporterSettings, type ExporterProps } from './exporter';
import { cms, everything, gibibytes, named, smallest, synthesise, vo2 } from './htcondor.fixture';

const full = synthesise(everything);
const password = synthesise({ ...everything, pool: { ...everything.pool, method: 'password' } });

const deployment = (objects: readonly KubernetesObject[]) => named(objects, 'Deployment htcondor/exporter');
const pod = (objects: readonly KubernetesObject[]) => at(deployment(objects), 'spec', 'template', 'spec');
const main = (objects: readonly KubernetesObject[]) => listAt(pod(objects), 'containers')[0];
const secrets = (objects: readonly KubernetesObject[]) =>
  [...everyMapping(pod(objects))].flatMap(
    (mapping) => textAt(mapping, 'secret', 'name') ?? textAt(mapping, 'secret', 'secretName') ?? [],
  );

const props: Required<ExporterProps> = {
  pool: smallest.pool,
  experiments: [cms, vo2],
  imagePullSecrets: [],
  placement: { nodeSelector: {} },
  program: {},
  accessPoints: ['ap1', 'ap2'],
  executePools: [
    { name: 'cpu', slot: { cpus: 4, memory: gibibytes(8), disk: gibibytes(20) } },
    {
      name: 'a100',
      slot: {
        cpus: 2,
        memory: gibibytes(1),
        disk: gibibytes(1),
        gpus: { resource: 'nvidia.com/gpu', count: 2 },
      },
      experiments: ['cms', 'my-vo'],
      apptainer: { seccompProfile: 'profiles/apptainer.json' },
    },
  ],
};

test('nothing of an exporter is there where nobody asks', () => {
  expect(JSON.stringify(synthesise(smallest))).not.toMatch(/exporter|monitor/);
});

describe('the exporter', () => {
  test('runs Python in the image of the central manager, as nobody, on a file system that it cannot change', () => {
    expect(main(full)).toMatchObject({
      image: 'docker.io/htcondor/cm:25.0.13-el9',
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
    });
    expect(textsAt(main(full), 'command')[0]).toBe('python3');
    expect(pod(full)).toMatchObject({
      serviceAccountName: 'exporter',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 64 },
    });
    expect(at(named(full, 'ServiceAccount htcondor/exporter'), 'automountServiceAccountToken')).toBe(false);
  });

  test('has tokens of its own, and neither a key nor the token of a daemon', () => {
    expect(secrets(full)).toEqual(['htcondor-token-monitor', 'htcondor-token-monitor-queue']);
    expect(secrets(password)).toEqual(['htcondor-token-monitor-queue']);
  });

  test('starts without knowing when tokens end, which is alerted instead', () => {
    const volume = listAt(pod(full), 'volumes').find(({ name }) => name === 'token-expiry');
    expect(at(volume, 'configMap')).toEqual({ name: 'htcondor-token-expiry', optional: true });
  });

  test('reads copies of its tokens, which a container beside it keeps fresh', () => {
    const mounts = listAt(main(full), 'volumeMounts').filter(({ name }) => name === 'own');
    expect(mounts).toEqual([
      { name: 'own', mountPath: '/etc/condor/tokens.d', subPath: 'tokens.d', readOnly: true },
    ]);
    const [prepare] = listAt(pod(full), 'initContainers');
    const [, refresher] = listAt(pod(full), 'containers');
    for (const container of [prepare, refresher]) {
      expect(textsAt(container, 'command')[2]).toContain('install -m 0600');
      expect(listAt(container, 'volumeMounts').map(({ mountPath }) => mountPath)).toEqual([
        '/in/tokens.d',
        '/own',
      ]);
    }
  });

  test('listens at the port of its settings, where Service, probe and policy lead', () => {
    const settings = labelsAt(named(full, 'ConfigMap htcondor/exporter-settings'), 'data')['settings.json'];
    expect(at(JSON.parse(settings ?? ''), 'port')).toBe(8080);
    expect(listAt(main(full), 'ports')).toEqual([{ name: 'http', containerPort: 8080, protocol: 'TCP' }]);
    const [port] = listAt(named(full, 'Service htcondor/exporter'), 'spec', 'ports');
    expect(port).toMatchObject({ port: 8080, targetPort: 'http' });
  });

  test('is ready also while the pool does not answer, because it is the one to say so', () => {
    expect(at(main(full), 'readinessProbe', 'httpGet')).toEqual({ path: '/healthz', port: 'http' });
  });

  test('has room for the answers of the tools, which are a hundred mebibytes for ten thousand jobs', () => {
    expect(at(main(full), 'resources', 'limits', 'memory')).toBe('512Mi');
  });

  test('is started with a program, settings and a folder that are mounted', () => {
    const [, , program = '', settings = '', expiry] = textsAt(main(full), 'command');
    const mounted = (folder: string | undefined) => {
      const mount = listAt(main(full), 'volumeMounts').find(({ mountPath }) => mountPath === folder);
      const volume = listAt(pod(full), 'volumes').find(({ name }) => name === mount?.['name']);
      return textAt(volume, 'configMap', 'name') ?? '';
    };
    for (const file of [program, settings]) {
      const map = named(full, `ConfigMap htcondor/${mounted(path.posix.dirname(file))}`);
      expect(Object.keys(labelsAt(map, 'data'))).toContain(path.posix.basename(file));
    }
    expect(mounted(expiry)).toBe('htcondor-token-expiry');
  });

  test('proves who it is by its tokens alone', () => {
    const config = labelsAt(named(full, 'ConfigMap htcondor/exporter-config'), 'data');
    expect(config['20-exporter.conf']).toContain('SEC_CLIENT_AUTHENTICATION_METHODS = IDTOKENS\n');
    expect(config['10-common.conf']).toContain('SEC_DEFAULT_ENCRYPTION = REQUIRED\n');
  });

  test('gets a new pod with a new program, and with other settings, which it reads once', () => {
    const mark = (objects: readonly KubernetesObject[]) =>
      labelsAt(deployment(objects), 'spec', 'template', 'metadata', 'annotations')[
        'analysis-facility/config'
      ];
    const other = synthesise({
      ...everything,
      exporter: { ...everything.exporter, program: { 'exporter.py': 'print("other")\n' } },
    });
    expect(mark(other)).not.toBe(mark(full));
    const [first, ...rest] = everything.executePools;
    expect(mark(synthesise({ ...everything, executePools: first ? [first] : rest }))).not.toBe(mark(full));
    expect(labelsAt(named(other, 'ConfigMap htcondor/exporter-program'), 'data')).toEqual({
      'exporter.py': 'print("other")\n',
    });
  });
});

describe('the settings of the exporter', () => {
  test('are the access points by their addresses, and groups with the experiments that they belong to', () => {
    expect(exporterSettings(props)).toMatchObject({
      port: 8080,
      accessPoints: {
        ap1: 'access-point-ap1.htcondor.svc.cluster.local:9618',
        ap2: 'access-point-ap2.htcondor.svc.cluster.local:9618',
      },
      experiments: { group_cms: 'cms', group_my_vo: 'my-vo' },
    });
  });

  test('say of a worker what it offers, in the units of HTCondor', () => {
    expect(exporterSettings(props).pools).toEqual({
      cpu: { cpus: 4, memory: 8192, disk: 20 * 1024 ** 2, gpus: 0, containers: false },
      a100: {
        cpus: 2,
        memory: 1024,
        disk: 1024 ** 2,
        gpus: 2,
        containers: true,
        groups: ['group_cms', 'group_my_vo'],
      },
    });
  });

  test('know of each pool what its START says', () => {
    const settings = JSON.parse(
      labelsAt(named(full, 'ConfigMap htcondor/exporter-settings'), 'data')['settings.json'] ?? '',
    ) as {
      readonly pools: Record<string, { readonly disk: number; readonly gpus: number; groups?: string[] }>;
    };
    expect(Object.keys(settings.pools)).toEqual(everything.executePools.map(({ name }) => name));
    for (const [name, { disk, gpus, groups }] of Object.entries(settings.pools)) {
      const config = labelsAt(named(full, `ConfigMap htcondor-execute/execute-${name}-config`), 'data');
      const start = /^START = (.*)$/m.exec(config['20-execute.conf'] ?? '')?.[1];
      expect(start).toBe(
        [
          `TARGET.RequestDisk <= ${String(disk)}`,
          ...(gpus > 0 ? ['TARGET.RequestGPUs >= 1'] : []),
          ...(groups ? [`regexp("^(${groups.join('|')})([.]|$)", TARGET.AcctGroup)`] : []),
        ].join(' && '),
      );
    }
  });
});
