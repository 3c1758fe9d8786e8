import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import YAML from 'yaml';
import { mintIdToken, type SigningKey } from '../../lib/htcondor/id-token';
import { SECRETS } from '../../lib/htcondor/release';
import { textAt } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { mustKubectl } from '../cluster/kubectl';

/** Keys of a pool, and what is made with them. */
export interface PoolSecrets {
  readonly domain: string;
  readonly signingKey: SigningKey;
  readonly hubKey: SigningKey;
}

const HOUR = 3600;

export function newKey(name: string): SigningKey {
  return { name, content: Buffer.from(randomBytes(32).toString('hex')) };
}

/** A token of the pool. @param lifetime seconds; less than none for one that has ended */
export function idToken(
  key: SigningKey,
  subject: string,
  authorizations?: readonly string[],
  lifetime = HOUR,
): string {
  const now = Math.floor(Date.now() / 1000);
  return mintIdToken(key, {
    issuer: subject.replace(/^.*@/, ''),
    subject,
    issuedAt: Math.min(now, now + lifetime - HOUR),
    expires: now + lifetime,
    id: randomBytes(16).toString('hex'),
    ...(authorizations ? { authorizations } : {}),
  });
}

export function secretObject(
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>>,
): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: data };
}

/** Makes new tokens with the key that the pool has, as the runbook says. */
export function renewTokens({ site }: Site, { signingKey }: PoolSecrets): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'e2e-renewal-'));
  try {
    const [key, out] = [path.join(folder, 'POOL'), path.join(folder, 'out')];
    writeFileSync(key, signingKey.content, { mode: 0o600 });
    const args = ['run', '--silent', 'pool-secrets', '--', site.name, '--out', out, '--signing-key', key];
    execFileSync('npm', args, { cwd: path.join(__dirname, '..', '..') });
    mustKubectl(['apply', '--server-side', '--force-conflicts', `--filename=${out}`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes the Secrets that dist needs, by the command that admins use, and applies them as it says. */
export function makeSecrets({ site, htcondor }: Site): PoolSecrets {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'e2e-secrets-')), 'out');
  try {
    const root = path.join(__dirname, '..', '..');
    execFileSync('npm', ['run', '--silent', 'pool-secrets', '--', site.name, '--out', folder], { cwd: root });
    mustKubectl(['apply', '--server-side', `--filename=${folder}`]);
    const made = readdirSync(folder).map((file): unknown =>
      YAML.parse(readFileSync(path.join(folder, file), 'utf8')),
    );
    const key = ({ name, key: file }: { readonly name: string; readonly key: string }): SigningKey => {
      const secret = made.find((each) => textAt(each, 'metadata', 'name') === name);
      return { name: file, content: Buffer.from(textAt(secret, 'stringData', file) ?? '') };
    };
    return {
      domain: htcondor?.trustDomain ?? site.domain,
      signingKey: key(SECRETS.signingKey),
      hubKey: key(SECRETS.hubKey),
    };
  } finally {
    rmSync(path.dirname(folder), { recursive: true });
  }
}
