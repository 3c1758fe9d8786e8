import { readFileSync } from 'node:fs';
import path from 'node:path';
import { at, isFields, labelsAt, listAt, textAt, type Fields } from '../kubernetes/read';
import { notebookConfig, type NotebookConfig } from '../htcondor/config/notebook';
import { hubConfiguration } from './configuration';
import { daskConfig } from './dask';
import { JupyterHub } from './jupyterhub';
import { CONFIGURATION, EXPERIMENT, objectsOf, POOL, PROPS } from './jupyterhub.fixture';
import { poolFiles } from './pool-access';
import { DASK, RELEASE } from './release';
import { TOKENS_FOLDER } from './tokens';

const hub = hubConfiguration(CONFIGURATION);
const { pool: _, ...alone } = CONFIGURATION;
const withoutPool = hubConfiguration(alone);
const dask = JSON.parse(daskConfig(POOL.dask)) as {
  readonly distributed: { readonly comm: { readonly tls: Fields } };
  readonly jobqueue: { readonly htcondor: Fields };
};
const { htcondor } = dask.jobqueue;

describe('tokens', () => {
  test('are files in memory, brought by the program that starts the notebook', () => {
    const spawner = hub.traits['KubeSpawner'];
    expect(spawner?.['cmd']).toEqual(['python3', '/etc/af/start_notebook.py', 'jupyterhub-singleuser']);
    expect(spawner?.['volumes']).toMatchObject({ tokens: { emptyDir: { medium: 'Memory' } } });
    expect(labelsAt(spawner, 'environment')).toMatchObject({
      AF_TOKENS_URL: 'http://hub.jupyterhub.svc:8082/tokens',
      BEARER_TOKEN_FILE: '/run/af/bearer_token',
    });
  });

  test('come with every hub, those of the pool only where there is one', () => {
    expect(hub.tokens.pool).toEqual({ trustDomain: 'af.example.org', seconds: 1200 });
    expect(withoutPool.tokens.pool).toBeNull();
    expect(withoutPool.traits['KubeSpawner']?.['cmd']).toEqual(hub.traits['KubeSpawner']?.['cmd']);
    expect(JSON.stringify(withoutPool)).not.toMatch(/condor|dask/i);
  });

  test('of the pool live longer than a restart of the hub takes, and shorter than an hour', () => {
    expect(hub.tokens.pool?.seconds).toBeGreaterThan(600);
    expect(hub.tokens.pool?.seconds).toBeLessThan(3600);
  });

  test('are signed with a key that only the hub mounts', () => {
    const objects = objectsOf((scope) => new JupyterHub(scope, 'hub', PROPS));
    const mounting = objects.filter((each) => JSON.stringify(each).includes(POOL.tokens.keySecret.name));
    expect(mounting.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Deployment hub']);
  });
});

test('experiments are known by their groups; one without groups is everybody’s', () => {
  expect(hub.experiments).toEqual([
    { name: 'cms', groups: EXPERIMENT.groups, environment: EXPERIMENT.environment },
    { name: 'everybody', groups: null, environment: {} },
  ]);
});

test('notebooks mount the program, the settings and examples; without Dask nothing of it', () => {
  const files = (configuration: typeof CONFIGURATION | typeof alone) =>
    Object.keys(
      labelsAt(
        objectsOf(
          (scope) => new JupyterHub(scope, 'hub', { ...PROPS, hub: { ...PROPS.hub, configuration } }),
        ).find(({ metadata }) => metadata.name === 'notebook-files'),
        'data',
      ),
    ).sort();
  const all = ['condor_config', 'dask.ipynb', 'dask.yaml', 'jobs.ipynb', 'start_notebook.py'];
  expect(files(CONFIGURATION)).toEqual(all);
  expect(files(alone)).toEqual(['start_notebook.py']);
  const { dask: _dask, ...plain } = POOL;
  expect(Object.keys(poolFiles(plain, { jobs: '', dask: '' }))).toEqual(['condor_config', 'jobs.ipynb']);
});

describe('the configuration of HTCondor in notebooks', () => {
  const props: Required<NotebookConfig> = {
    addressFile: '/run/af/access-point',
    trustDomain: 'af.example.org',
    tokens: '/run/af/pool',
  };
  const text = notebookConfig(props);

  test('demands authentication by a token, encryption and integrity', () => {
    for (const feature of ['AUTHENTICATION', 'ENCRYPTION', 'INTEGRITY'])
      expect(text).toContain(`\nSEC_CLIENT_${feature} = REQUIRED\n`);
    expect(text).toContain('\nSEC_CLIENT_AUTHENTICATION_METHODS = IDTOKENS\n');
    expect(text).toContain('\nSEC_DEFAULT_CRYPTO_METHODS = AES\n');
  });

  test('finds the access point by itself, and the tokens of the experiment that the variable names', () => {
    expect(text).toContain('\nSCHEDD_ADDRESS_FILE = /run/af/access-point\n');
    expect(labelsAt(hub.traits['KubeSpawner'], 'environment')).toMatchObject({
      AF_ACCESS_POINT: 'access-point-ap1.htcondor.svc.cluster.local:9618',
      AF_CONDOR_VERSION: '25.0.13',
    });
    expect(text).toContain('\nSEC_TOKEN_DIRECTORY = /run/af/pool/$ENV(AF_EXPERIMENT)\n');
    expect(text).toContain('\nTRUST_DOMAIN = $(UID_DOMAIN)\n');
    expect(text).not.toContain('COLLECTOR');
  });
});

describe('the configuration of Dask', () => {
  test('encrypts, and knows workers by the certificate of the notebook alone', () => {
    const identity = {
      cert: `${TOKENS_FOLDER}/dask/dask.pem`,
      key: `${TOKENS_FOLDER}/dask/dask-key.pem`,
    };
    expect(dask.distributed.comm.tls).toEqual({
      'ca-file': identity.cert,
      scheduler: identity,
      worker: identity,
      client: identity,
    });
    expect(htcondor['scheduler-options']).toMatchObject({ protocol: 'tls://' });
    expect(labelsAt(htcondor, 'job-extra-directives')['transfer_input_files']).toBe(
      `${identity.cert},${identity.key}`,
    );
    const options = htcondor['worker-extra-args'] as string[];
    const given = (option: string) => options[options.indexOf(option) + 1];
    expect(['--protocol', '--tls-ca-file', '--tls-cert', '--tls-key'].map(given)).toEqual([
      'tls://',
      path.basename(identity.cert),
      path.basename(identity.cert),
      path.basename(identity.key),
    ]);
  });

  test('uses the ports that the policies name, and shows its pages through the notebook’s own server only', () => {
    expect(htcondor['scheduler-options']).toMatchObject({
      port: DASK.scheduler,
      dashboard_address: '127.0.0.1:8787',
    });
    expect(htcondor['worker-extra-args']).toEqual(
      expect.arrayContaining(['--worker-port', '10000:10099', '--nanny-port', '10100:10199']),
    );
    expect(DASK.workers.to).toBeLessThan(DASK.nannies.from);
    expect(Object.values(RELEASE.ports)).not.toContain(DASK.scheduler);
  });

  test('leads to its pages by the notebook’s own address, and asks for a small job unless its user says more', () => {
    expect(at(dask.distributed, 'dashboard', 'link')).toBe('{JUPYTERHUB_SERVICE_PREFIX}proxy/{port}/status');
    expect(htcondor).toMatchObject({ cores: 1, memory: '2GiB', disk: '2GiB' });
  });

  test('starts workers only where there is Dask, with the Python that has it', () => {
    expect(labelsAt(htcondor, 'job-extra-directives')['requirements']).toBe(
      'stringListMember(TARGET.ExecutePool, "cpu,large")',
    );
    expect(textAt(htcondor, 'python')).toBe('/opt/dask/bin/python3');
    expect(htcondor['submit-command-extra']).toEqual(['-spool']);
  });
});

test('jobs of Dask leave nothing behind: those that have ended go, and those whose scheduler is gone end', () => {
  expect(labelsAt(htcondor, 'job-extra-directives')['leave_in_queue']).toBe('False');
  // More than a break of the network, less than anybody waits for the cores.
  expect(Number(htcondor['death-timeout'])).toBeGreaterThanOrEqual(60);
  expect(Number(htcondor['death-timeout'])).toBeLessThanOrEqual(3600);
});

describe('what a notebook is told', () => {
  const spawner = hub.traits['KubeSpawner'];
  const environment = labelsAt(spawner, 'environment');
  const mounts = Object.values(at(spawner, 'volume_mounts') ?? {}).filter(isFields);
  const files = poolFiles(POOL, { jobs: '', dask: '' });
  const start = readFileSync(path.join(__dirname, 'start_notebook.py'), 'utf8');
  const mounted = (name: string) => mounts.filter((mount) => mount['name'] === name);

  test('of its tokens is where they are: in memory, where the program writes and the tools look', () => {
    const [tokens] = mounted('tokens');
    expect(tokens?.['mountPath']).toBe(TOKENS_FOLDER);
    expect(start).toContain(`"AF_TOKENS", "${TOKENS_FOLDER}"`);
    expect(environment['BEARER_TOKEN_FILE']).toBe(`${TOKENS_FOLDER}/bearer_token`);
    expect(at(spawner, 'volumes', 'tokens', 'emptyDir', 'medium')).toBe('Memory');
  });

  test('of HTCondor and of Dask is among the files that are mounted', () => {
    const [folder, dask] = mounted('notebook-files');
    const config = environment['CONDOR_CONFIG'] ?? '';
    expect(path.posix.dirname(config)).toBe(folder?.['mountPath']);
    expect(Object.keys(files)).toContain(path.posix.basename(config));
    // The folder in which Dask looks by itself.
    expect(path.posix.dirname(String(dask?.['mountPath']))).toBe('/etc/dask');
    expect(Object.keys(files)).toContain(dask?.['subPath']);
    expect(files[String(dask?.['subPath'])]).toBe(daskConfig(POOL.dask));
  });

  test('of Dask makes the program write its certificate, which is wanted only where there is Dask', () => {
    expect(start).toContain('os.environ.get("AF_DASK")');
    expect(environment['AF_DASK']).toBe('true');
    const { dask: _dask, ...plain } = POOL;
    const without = hubConfiguration({ ...CONFIGURATION, pool: plain }).traits['KubeSpawner'];
    expect(labelsAt(without, 'environment')).not.toHaveProperty('AF_DASK');
  });
});

describe.each(['jobs.ipynb', 'dask.ipynb'])('the example %s', (name) => {
  const example: unknown = JSON.parse(readFileSync(path.join(__dirname, name), 'utf8'));
  const cells = listAt(example, 'cells');

  test('is a notebook of format 4.5 that nobody has run', () => {
    expect(example).toMatchObject({ nbformat: 4, nbformat_minor: 5 });
    expect(new Set(cells.map((cell) => cell['id'])).size).toBe(cells.length);
    const code = cells.filter((cell) => cell['cell_type'] === 'code');
    expect(code.length).toBeGreaterThan(2);
    for (const cell of code) expect(cell).toMatchObject({ outputs: [], execution_count: null, metadata: {} });
  });

  test('names nothing that a site decides', () => {
    expect(JSON.stringify(example)).not.toMatch(/\.svc|example\.org|9618|8786|\/etc\/|\/run\//);
  });
});
