import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { cacheFolder } from './cache';
import { VERSIONS } from './versions';

const Download = z.object({ Dir: z.string() });

/** Upstream's definitions of the Gateway API, which a cluster with a Gateway has: files of its Go module. */
export function gatewayDefinitions(): string[] {
  const module = `sigs.k8s.io/gateway-api@${VERSIONS.gatewayApi}`;
  const answer = execFileSync('go', ['mod', 'download', '-json', module], {
    cwd: cacheFolder('src', 'gateway-api'),
    env: { ...process.env, GOFLAGS: '', GOWORK: 'off' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = path.join(Download.parse(JSON.parse(answer)).Dir, 'config', 'crd', 'standard');
  return readdirSync(folder)
    .filter((file) => /^gateway\.networking\.k8s\.io_(?!vap_)\w+\.yaml$/.test(file))
    .map((file) => path.join(folder, file));
}
