import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPrograms } from '../commands/read-programs';
import { parseSite } from '../site/parse';
import type { Site } from '../site/schema';
import { siteOutput } from '../synthesise';
import { CHECKS, NOT_CHECKED } from '.';
import { runCheck } from './check';
import { ARGOCD_FAULTS } from './faults/argocd.fixture';
import { backupTarget, COMPONENT_FAULTS, ignoringPolls } from './faults/components.fixture';
import { COMMON_FAULTS } from './faults/common.fixture';

const file = path.join(__dirname, '..', 'site', 'fixtures', 'good', 'full.yaml');
const parsed = parseSite({ file, folder: 'full', bytes: readFileSync(file) });
if (!('site' in parsed)) throw new Error('the fixture has mistakes');
const good = siteOutput(parsed.site, readPrograms());

const FAULTS = { ...ARGOCD_FAULTS, ...COMPONENT_FAULTS, ...COMMON_FAULTS };

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

/** What admins taint nodes with is theirs to choose. */
test.each([
  ['a taint of another name', [{ key: 'example.org/gpu', effect: 'NoSchedule' }]],
  ['no taint', []],
] as const)('a site passes whose nodes with GPUs have %s', (_, taints) => {
  const nodePools = parsed.site.nodePools.map((pool) => (pool.gpu ? { ...pool, taints: [...taints] } : pool));
  expect(findings({ ...parsed.site, nodePools })).toEqual([]);
});

test('a site passes all of whose nodes have the same taint', () => {
  const taint = { key: 'dedicated', value: 'af', effect: 'NoSchedule' } as const;
  const nodePools = parsed.site.nodePools.map((pool) => ({ ...pool, taints: [taint] }));
  expect(findings({ ...parsed.site, nodePools })).toEqual([]);
});

test.each([
  ['no taint', []],
  ['a taint', [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }]],
] as const)('a site passes all of whose nodes have GPUs and %s', (_, taints) => {
  const gpu = parsed.site.nodePools.find((pool) => pool.gpu)?.gpu;
  const nodePools = parsed.site.nodePools.map((pool) => ({ ...pool, gpu, taints: [...taints] }));
  expect(findings({ ...parsed.site, nodePools })).toEqual([]);
});

function findings(site: Site): string[] {
  const output = siteOutput(site, readPrograms());
  return CHECKS.flatMap((check) => runCheck(check, output).findings);
}
