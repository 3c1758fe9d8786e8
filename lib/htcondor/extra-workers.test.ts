import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { at, isFields, labelsAt, listAt, textAt, type Fields } from '../kubernetes/read';
import { pathKey } from './extra-workers';
import { everything, named, synthesise } from './htcondor.fixture';
import { DRAIN, PREPARE_EXECUTE, STARTD_ALIVE, STARTD_REGISTERED } from './scripts';

const props = {
  ...everything,
  executePools: everything.executePools.map((pool) => ({
    ...pool,
    workers: 1,
    extra: { most: 2, idleSeconds: 300 },
  })),
};
const objects = synthesise(props);
const scaledJob = named(objects, 'ScaledJob htcondor-execute/execute-a100-extra');
const job = at(scaledJob, 'spec', 'jobTargetRef');
const extra = at(job, 'template');
const fixed = at(named(objects, 'Deployment htcondor-execute/execute-a100'), 'spec', 'template');

/** Paths at which two values differ. */
function differences(one: unknown, other: unknown, path = ''): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  const [a, b] = [one, other].map((value) =>
    Array.isArray(value) || isFields(value) ? (value as Fields) : undefined,
  );
  if (!a || !b) return [path.slice(1)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], `${path}.${key}`),
  );
}

test('an extra worker is the same pod as one that is always there, but for how it comes and goes', () => {
  expect(differences(fixed, extra).sort()).toEqual([
    'metadata.annotations.cluster-autoscaler.kubernetes.io/safe-to-evict',
    'metadata.labels.analysis-facility/extra-worker',
    'spec.containers.0.env.2',
    'spec.containers.0.readinessProbe.successThreshold',
    'spec.restartPolicy',
  ]);
});

test('it leaves by itself, once: nobody starts it again or ends it after a time', () => {
  expect(listAt(extra, 'spec', 'containers')[0]?.['env']).toContainEqual({
    name: '_condor_STARTD_NOCLAIM_SHUTDOWN',
    value: '300',
  });
  expect(textAt(extra, 'spec', 'restartPolicy')).toBe('Never');
  expect(job).toMatchObject({ backoffLimit: 0, podReplacementPolicy: 'Failed' });
  expect(job).not.toHaveProperty('activeDeadlineSeconds');
});

test('a change of the ScaledJob leaves workers that run alone', () => {
  expect(at(scaledJob, 'spec', 'rollout')).toEqual({ strategy: 'gradual' });
});

test('there are as many as the pool may have more, none of them without demand, and one on its way is counted', () => {
  expect(at(scaledJob, 'spec')).toMatchObject({
    minReplicaCount: 0,
    maxReplicaCount: 2,
    scalingStrategy: { strategy: 'accurate', pendingPodConditions: ['Ready'] },
  });
});

test('the demand is that of its own pool, asked of the exporter', () => {
  expect(at(scaledJob, 'spec', 'triggers')).toEqual([
    {
      type: 'metrics-api',
      metadata: {
        url: 'http://exporter.htcondor.svc.cluster.local:8080/demand.json',
        valueLocation: 'pools.a100.workers',
        targetValue: '1',
        activationTargetValue: '0',
      },
    },
  ]);
});

test('nobody counts a worker twice: one is on its way until two answers of the exporter have known it', () => {
  const program = readFileSync(path.join(__dirname, 'exporter', 'exporter.py'), 'utf8');
  const fresh = Number(/^FRESH = (\d+)$/m.exec(program)?.[1]);
  expect(Number(at(scaledJob, 'spec', 'pollingInterval'))).toBeGreaterThan(fresh);
  const probe = at(listAt(extra, 'spec', 'containers')[0], 'readinessProbe');
  const settled = Number(at(probe, 'successThreshold')) * Number(at(probe, 'periodSeconds'));
  expect(settled).toBeGreaterThanOrEqual(2 * fresh);
});

test('a worker comes within a round of the negotiator, and what is left of ended ones is little', () => {
  const spec = at(scaledJob, 'spec');
  expect(Number(at(spec, 'pollingInterval'))).toBeLessThanOrEqual(60);
  for (const kept of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
    expect(Number(at(spec, kept))).toBeLessThanOrEqual(5);
});

test.each([
  ['cpu-8_core', 'cpu-8_core'],
  ['a.b', 'a\\.b'],
  ['a*|#@', 'a\\*\\|\\#\\@'],
])('the name %s is one key of a path', (name, key) => {
  expect(pathKey(name)).toBe(key);
});

test('a budget leaves extra workers out, because with a Job among its pods it would let none go', () => {
  const budget = named(objects, 'PodDisruptionBudget htcondor-execute/execute-a100');
  const [expression] = listAt(budget, 'spec', 'selector', 'matchExpressions');
  expect(expression).toEqual({ key: 'analysis-facility/extra-worker', operator: 'DoesNotExist' });
  expect(labelsAt(extra, 'metadata', 'labels')).toHaveProperty('analysis-facility/extra-worker');
});

test('a worker has started when the collector knows it', () => {
  for (const template of [fixed, extra]) {
    const probe = at(listAt(template, 'spec', 'containers')[0], 'startupProbe', 'exec', 'command');
    expect(String(probe)).toContain('condor_status');
  }
});

test.each(Object.entries({ DRAIN, PREPARE_EXECUTE, STARTD_ALIVE, STARTD_REGISTERED }))(
  'a shell can read what a worker runs: %s',
  (_, script) => {
    expect(spawnSync('sh', ['-n', '-c', script], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  },
);

test('a pool that keeps its size has no ScaledJob', () => {
  const kinds = synthesise({ ...everything, executePools: everything.executePools.slice(0, 1) }).map(
    ({ kind }) => kind,
  );
  expect(kinds).not.toContain('ScaledJob');
});
