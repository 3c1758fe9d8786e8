import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { pkiFile } from './pki';

/** Tokens that the API server knows. */
export const TOKENS = pkiFile('tokens.csv');

/** Somebody who speaks to the API server. */
export interface User {
  readonly name: string;
  readonly group: string;
  /** File to write: where the API server is, and a token of this run. */
  readonly kubeconfig: string;
}

/** Makes all users of a run: the API server reads them once, when it starts. */
export function makeUsers(server: string, users: readonly User[]): void {
  const ca = readFileSync(pkiFile('ca.crt')).toString('base64');
  // Nothing is far: the schemas that Argo CD and kubectl read would cost a fifth of the API server's time to compress.
  const cluster = { server, 'certificate-authority-data': ca, 'disable-compression': true };
  const lines = users.map(({ name, group, kubeconfig }) => {
    const token = randomBytes(16).toString('hex');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'e2e', cluster }],
      users: [{ name, user: { token } }],
      contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: name } }],
      'current-context': 'e2e',
    };
    writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
    return `${token},${name},${name},${group}\n`;
  });
  writeFileSync(TOKENS, lines.join(''), { mode: 0o600 });
}
