import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { synth } from '../../lib/commands/synth';
import { parseSite } from '../../lib/site/parse';
import type { Site } from '../../lib/site/schema';
import { applyDist } from '../cluster/suite';
import { waitForPool, type Bench } from './bench';

/** Puts the pool of a site of `e2e/sites` in the place of the bench's own. */
export async function changePool(name: string, { pool, client }: Bench): Promise<void> {
  await withSite(name, async (site, dist) => {
    await applyDist(name, ['htcondor'], dist);
    await waitForPool({ client, pool: { ...pool, site } });
  });
}

/**
 * Synthesises a site of `e2e/sites`, which exists for a criterion, by the command that admins use.
 *
 * @param use gets the site and a folder like dist, which is gone afterwards
 */
async function withSite(name: string, use: (site: Site, dist: string) => Promise<void>): Promise<void> {
  const bytes = readFileSync(path.join(__dirname, '..', 'sites', name, 'site.yaml'));
  const root = mkdtempSync(path.join(tmpdir(), 'e2e-site-'));
  try {
    const file = path.join('sites', name, 'site.yaml');
    mkdirSync(path.join(root, 'sites', name), { recursive: true });
    writeFileSync(path.join(root, file), bytes);
    const said: string[] = [];
    const code = synth(root, [name], {
      say: () => undefined,
      complain: (line) => said.push(line),
      progress: () => undefined,
    });
    const parsed = parseSite({ file, folder: name, bytes });
    if (code !== 0 || 'problems' in parsed) throw new Error(said.join('\n'));
    await use(parsed.site, path.join(root, 'dist'));
  } finally {
    rmSync(root, { recursive: true });
  }
}
