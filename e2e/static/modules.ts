import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { cacheFolder } from '../cluster/cache';

const Download = z.object({ Dir: z.string() });

/** The unpacked source of a Go module, from Go's own cache or the module proxy. */
export function moduleFolder(module: string, version: string): string {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: cacheFolder('src'),
    env: { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Download.parse(JSON.parse(answer)).Dir;
}
