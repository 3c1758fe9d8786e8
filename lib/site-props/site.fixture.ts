import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSite } from '../site/parse';
import type { Site } from '../site/schema';

/** One of the good sites, with other text in its file. */
export function siteOf(name: 'full' | 'minimal' | 'windows', ...changes: readonly [string, string][]): Site {
  const file = path.join(__dirname, '..', 'site', 'fixtures', 'good', `${name}.yaml`);
  const text = changes.reduce(
    (before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`${name}.yaml has no ${from}`);
      return before.replace(from, to);
    },
    readFileSync(file, 'utf8'),
  );
  const parsed = parseSite({ file, folder: name, bytes: new TextEncoder().encode(text) });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site;
}
