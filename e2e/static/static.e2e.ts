import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { buildPrograms } from '../cluster/build';
import { definitionsFor, requireDefinitions } from '../suite/definitions';
import { SITES } from '../api/dist';
import { say } from '../suite/look';
import { deployed } from '../suite/site';
import { EXCLUDED } from './score';
import { rules, schemas, score, workflows } from './tools';
import { TOOLS } from './versions';

const WORKFLOWS = path.join(__dirname, '..', '..', '.github', 'workflows');
const excluded = new Map<string, number>();

beforeAll(async () => {
  requireDefinitions();
  await buildPrograms(TOOLS, say);
});

describe.each(SITES)('%s', (name) => {
  const { site, objects } = deployed(name);
  const release = site.cluster.kubernetesVersion;

  test(`kubectl-validate takes every object, as Kubernetes ${release} describes itself`, () => {
    const { looked, objections } = schemas(objects, release, definitionsFor(objects));
    say(`${name}: kubectl-validate looked at ${String(looked)} objects, Kubernetes ${release}`);
    expect(objections).toEqual([]);
    expect(looked).toBe(objects.length);
  });

  test('kube-score holds nothing against them that has no reason', () => {
    const { looked, objections, excluded: here } = score(objects, release);
    for (const [check, count] of here) excluded.set(check, (excluded.get(check) ?? 0) + count);
    say(`${name}: kube-score looked at ${String(looked)} objects`);
    expect(objections).toEqual([]);
    expect(looked).toBeGreaterThan(10);
  });

  test('promtool takes every rule', () => {
    const { looked, objections } = rules(objects);
    say(`${name}: promtool looked at ${String(looked)} files of rules`);
    expect(objections).toEqual([]);
  });
});

test('every exclusion of kube-score is used', () => {
  for (const [check, count] of excluded) say(`kube-score: ${check} excluded ${String(count)} times`);
  expect(Object.keys(EXCLUDED).filter((check) => excluded.get(check) === 0)).toEqual([]);
});

test('actionlint takes every workflow', () => {
  const texts = readdirSync(WORKFLOWS).map((file) => readFileSync(path.join(WORKFLOWS, file), 'utf8'));
  const { looked, objections } = workflows(texts);
  say(`actionlint looked at ${String(looked)} workflows`);
  expect(objections).toEqual([]);
  expect(looked).toBeGreaterThan(1);
});
