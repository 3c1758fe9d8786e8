import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSite } from './parse';
import { warnings } from './warnings';

function warningsOf(name: string, change = (text: string) => text): string[] {
  const file = path.join(__dirname, 'fixtures', 'good', `${name}.yaml`);
  const bytes = new TextEncoder().encode(change(readFileSync(file, 'utf8')));
  const parsed = parseSite({ file, folder: name, bytes });
  return 'site' in parsed ? warnings(parsed.site) : ['the fixture has mistakes'];
}

test('a pool whose daemons share one password is warned of it, and no other site', () => {
  expect(warningsOf('windows')).toEqual([expect.stringContaining('method is password')]);
  expect(warningsOf('full')).toEqual([]);
  expect(warningsOf('minimal')).toEqual([]);
});

test('a pool that may grow is warned of it where nothing makes it grow', () => {
  const withoutKeda = (text: string) => text.replace(/\nautoscaling:\n(?: .*\n)+/, '\n');
  expect(warningsOf('full', withoutKeda)).toEqual([
    expect.stringMatching(/^htcondor\.executePools cpu stays at 2 workers.*up to 30/),
    expect.stringMatching(/^htcondor\.executePools a100 stays at 1 worker,.*up to 2\./),
  ]);
});

test('an experiment whose subgroups have all of its quota is warned of, where its other jobs may use surplus', () => {
  const divided = (text: string) =>
    text
      .replace('acceptSurplus: false', 'acceptSurplus: true')
      .replace('batch, share: 50', 'batch, share: 70');
  expect(warningsOf('full', divided)).toEqual([
    expect.stringMatching(/^htcondor\.accounting\.subgroups of cms have 100 percent of its quota/),
  ]);
  expect(warningsOf('full', (text) => divided(text).replace('share: 70 }', 'share: 69 }'))).toEqual([]);
});
