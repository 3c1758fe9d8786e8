import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPrograms } from '../commands/read-programs';
import { parseSite } from '../site/parse';
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
