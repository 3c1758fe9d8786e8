import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../cache';

const FOLDER = cacheFolder('authority');

/** Certificate and key of the authority, which the images trust beside those of the world. */
export const AUTHORITY = { cert: path.join(FOLDER, 'ca.crt'), key: path.join(FOLDER, 'ca.key') } as const;

/** Makes the authority once for the cache, because it is part of the images. Gives its certificate. */
export function authorityCertificate(): string {
  if (!existsSync(AUTHORITY.cert)) {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      AUTHORITY.key,
    ];
    const rest = ['-subj', '/CN=e2e outside', '-days', '3650', '-out', AUTHORITY.cert];
    execFileSync('openssl', ['req', '-x509', ...key, ...rest], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
  return readFileSync(AUTHORITY.cert, 'utf8');
}
