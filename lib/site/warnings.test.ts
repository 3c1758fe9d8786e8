import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSite } from './parse';
import { warnings } from './warnings';

function warningsOf(name: string): string[] {
  const file = path.join(__dirname, 'fixtures', 'good', `${name}.yaml`);
  const parsed = parseSite({ file, folder: name, bytes: readFileSync(file) });
  return 'site' in parsed ? warnings(parsed.site) : ['the fixture has mistakes'];
}

test('a pool whose daemons share one password is warned of it, and no other site', () => {
  expect(warningsOf('windows')).toEqual([expect.stringContaining('method is password')]);
  expect(warningsOf('full')).toEqual([]);
  expect(warningsOf('minimal')).toEqual([]);
});
