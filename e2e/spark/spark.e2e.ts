import { RELEASE, DRIVER_PORTS } from '../../lib/spark/release';
import { objectsOf } from '../api/dist';
import { readSite } from '../cluster/cluster';
import { applyObjects, kubectl, mustKubectl } from '../cluster/kubectl';
import { stopAll } from '../cluster/processes';
import { upReal } from '../cluster/real';
import { applyDist, collectLogs, inPod, provesWith } from '../cluster/suite';
import { clock, note, sayFigures } from '../htcondor/figures';
import { flowTable } from '../jupyterhub/flows';
import type { Container } from '../jupyterhub/pods';
import {
  containerIn,
  declaredOf,
  executorsOf,
  namespaceOf,
  noneRuns,
  nothingLeft,
  promisedExecutor,
} from './executors';
import { say } from '../suite/look';
import { tryFlows } from './flows';
import { startNotebooks } from './notebooks';
import { ask, may, rightsOf } from './rights';
import { blocksOf, LETS_GO, startSession, SUM, type Session } from './session';

const SITE = 'two-experiments';
const [CMS, VO2] = ['cms', 'vo2'];
const site = readSite(SITE);

let alice: Container;
let bob: Container;
let carol: Container;
let ofAlice: Session;
let ofBob: Session;

const explain = () => {
  say(`logs and events: ${collectLogs(`spark-${SITE}`)}`);
};
const proves = provesWith(explain);

beforeAll(async () => {
  try {
    await startAll();
  } catch (error) {
    explain();
    throw error;
  }
});

afterAll(async () => {
  sayFigures(`figures of Spark, ${SITE}`);
  await stopAll();
});

proves('a session computes on executors, with the configuration of dist', async () => {
  const all = clock();
  ofAlice = startSession(alice, 'first');
  const work = await ofAlice.work();
  note('a session is there', work.session);
  note('two executors are there', work.executors);
  note('from the start of the program to its sum', all());
  expect(work.sum).toBe(SUM);
  const names = executorsOf(CMS).map((pod) => containerIn(pod).pod);
  for (const host of work.hosts) expect(names).toContain(host);
  expect(work.port).toBe(String(RELEASE.ports.driver));
});

proves('executors are what the site file says', () => {
  const executors = executorsOf(CMS);
  expect(executors.length).toBeGreaterThanOrEqual(2);
  for (const pod of executors) expect(declaredOf(pod)).toEqual(promisedExecutor(site));
});

proves('sessions of two experiments run at the same time, each among its own', async () => {
  ofBob = startSession(bob, 'first');
  expect((await ofBob.work()).sum).toBe(SUM);
  expect(executorsOf(VO2).length).toBeGreaterThanOrEqual(2);
});

proves('a second session of a notebook takes other ports, of those that are open', async () => {
  const second = startSession(alice, 'second');
  const work = await second.work();
  expect(work.sum).toBe(SUM);
  expect(Number(work.port)).toBeGreaterThan(RELEASE.ports.driver);
  expect(Number(work.port)).toBeLessThanOrEqual(DRIVER_PORTS.to);
  await second.stop();
});

proves('flows are those of the sessions, and none leads to the other experiment', () => {
  const [executor, second] = executorsOf(CMS).map(containerIn);
  const [theirs] = executorsOf(VO2).map(containerIn);
  if (!executor || !second || !theirs) throw new Error('there are no executors to try from');
  const tried = tryFlows({ notebook: alice, executor, second }, { notebook: bob, executor: theirs }, carol);
  say(flowTable(tried));
  expect(tried).toHaveLength(18);
  expect(tried.filter(({ open, expected }) => open !== expected)).toEqual([]);
});

proves('the account of an experiment makes executors of its own, and can do nothing else anywhere', () => {
  const all = [
    ...[CMS, VO2].flatMap((experiment) =>
      rightsOf(experiment, experiment === CMS ? [VO2] : [CMS]).map((right) => ({
        account: `jupyterhub-users:spark-${experiment}`,
        ...right,
      })),
    ),
    ...rightsOf(CMS, [VO2]).flatMap((right) =>
      [`${namespaceOf(CMS)}:executor`].map((account) => ({
        account,
        ...right,
        expected: false,
      })),
    ),
  ];
  expect(all.length).toBe(300);
  expect(all.filter((right) => may(right.account, right) !== right.expected)).toEqual([]);
});

proves(
  'the API server refuses a notebook what is of the other experiment, and is out of reach without Spark',
  () => {
    const pods = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;
    expect(ask(alice, pods(namespaceOf(CMS)))).toBe('200');
    expect(ask(alice, pods(namespaceOf(VO2)))).toBe('403');
    expect(ask(alice, pods('jupyterhub-users'))).toBe('403');
    expect(ask(alice, '/api/v1/namespaces/jupyterhub-users/secrets')).toBe('403');
    expect(ask(bob, pods(namespaceOf(CMS)))).toBe('403');
    expect(ask(carol, pods(namespaceOf(CMS)))).toBe('unreachable');
  },
);

/** A pod as somebody could ask for it who has a token, with one thing changed. */
const podWith = (spec: object, container: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'by-hand' },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    ...spec,
    containers: [
      {
        name: 'own',
        image: 'registry.example.org/af/anything:1.0.0',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        ...container,
      },
    ],
  },
});

proves('namespaces of executors take no pod that is privileged, has a GPU or is larger than a node', () => {
  const create = (pod: object, experiment = CMS) =>
    kubectl(
      [
        ...['create', '--dry-run=server', '--filename=-', `--namespace=${namespaceOf(experiment)}`],
        `--as=system:serviceaccount:jupyterhub-users:spark-${experiment}`,
      ],
      JSON.stringify(pod),
    );
  expect(create(podWith({}, {}))).toMatchObject({ status: 0 });
  const refused = [
    podWith({ hostNetwork: true }, {}),
    podWith({}, { securityContext: { privileged: true } }),
    podWith({ volumes: [{ name: 'node', hostPath: { path: '/' } }] }, {}),
    podWith({}, { resources: { limits: { 'nvidia.com/gpu': '1' } } }),
    podWith({}, { resources: { limits: { memory: '2Ti' } } }),
  ].map((pod) => create(pod));
  // Within a node, but not within what is left to the experiment.
  const tooMuch = { resources: { requests: { memory: '1Gi' }, limits: { memory: '100Gi' } } };
  refused.push(create(podWith({}, tooMuch), VO2));
  for (const { status, err } of refused) {
    expect(err).toMatch(/PodSecurity|exceeded quota|maximum memory usage/);
    expect(status).not.toBe(0);
  }
});

proves('a session that is stopped leaves nothing, and has asked for nothing that it may not', async () => {
  const said = await ofAlice.stop();
  const seconds = clock();
  await nothingLeft(CMS, 60);
  note('stopped, until nothing is left', seconds());
  expect(said).not.toMatch(/forbidden/i);
});

proves(
  'executors without work leave while the session goes on, with the data of its stages, and their pods',
  async () => {
    const session = startSession(alice, 'idle', LETS_GO);
    expect((await session.work()).sum).toBe(SUM);
    const seconds = clock();
    await nothingLeft(CMS, 90);
    note('a session computes no more, until its executors are gone (15 s are its own)', seconds());
    expect(await session.stop()).not.toMatch(/forbidden/i);
  },
);

proves('executors whose driver is killed end by themselves', async () => {
  const seconds = clock();
  ofBob.kill();
  await noneRuns(VO2, 120);
  note('a driver killed, until no executor runs', seconds());
});

proves('the code of the user guide runs as it stands there', () => {
  const blocks = blocksOf('spark.md');
  expect(blocks).toHaveLength(3);
  const { status, out, err } = inPod(alice.namespace, alice.pod, alice.container, [
    'python3',
    '-c',
    blocks.join('\n'),
  ]);
  expect({ status, out, ...(status === 0 ? {} : { err }) }).toEqual({
    status: 0,
    out: '499999500000\n332833500\n',
  });
});

proves('a notebook that is stopped takes its executors along', async () => {
  await startSession(alice, 'last').work();
  const seconds = clock();
  mustKubectl([
    'delete',
    'pod',
    alice.pod,
    `--namespace=${alice.namespace}`,
    '--grace-period=15',
    '--wait=false',
  ]);
  await noneRuns(CMS, 120);
  note('a notebook deleted, until no executor runs', seconds());
});

/** The notebooks of three users, and what they need of the platform. */
async function startAll(): Promise<void> {
  await upReal(site, { pools: ['cpu'], most: 1, extras: ['spark'] }, say);
  await applyDist(SITE, ['namespaces', 'spark']);
  // Of the hub's and of storage only what the pods of users need.
  const kinds = ['ConfigMap', 'NetworkPolicy', 'StorageClass', 'PersistentVolumeClaim'];
  const objects = ['storage', 'jupyterhub'].flatMap((component) => objectsOf(SITE, component));
  applyObjects(objects.filter(({ kind }) => kinds.includes(kind)));
  const started = await startNotebooks(site, [
    { user: 'alice', experiment: CMS, spark: CMS },
    { user: 'bob', experiment: VO2, spark: VO2 },
    { user: 'carol', experiment: CMS },
  ]);
  [alice, bob, carol] = started as [Container, Container, Container];
}
