import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mustKubectl } from '../cluster/kubectl';

/** A certificate of the suite's own, by the site's CA. */
export function certificate(
  space: string,
  name: string,
  duration: string,
  dnsNames = [`${name}.e2e.example.org`],
): object {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { namespace: space, name },
    spec: {
      secretName: `${name}-tls`,
      duration,
      dnsNames,
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      issuerRef: { kind: 'ClusterIssuer', name: 'pool-ca' },
    },
  };
}

export function certificateOf(space: string, secret: string): string {
  const data = mustKubectl([
    'get',
    'secret',
    secret,
    `--namespace=${space}`,
    '--output=jsonpath={.data.tls\\.crt}',
  ]);
  return Buffer.from(data, 'base64').toString();
}

export function x509(pem: string, ...wanted: readonly string[]): string {
  return execFileSync('openssl', ['x509', '-noout', ...wanted], { input: pem, encoding: 'utf8' });
}

export function expectSignedBy(pem: string, ca: string): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
  try {
    for (const [file, text] of [
      ['leaf.crt', pem],
      ['ca.crt', ca],
    ] as const)
      writeFileSync(path.join(folder, file), text);
    execFileSync('openssl', ['verify', '-CAfile', 'ca.crt', 'leaf.crt'], { cwd: folder, stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
