import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RUN } from './cache';

const PKI = path.join(RUN, 'pki');
const DAYS = ['-days', '7'];
/** Clients that check strictly, as Python does from 3.13 on, want both. */
const IDENTIFIERS = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n';

export const pkiFile = (name: string) => path.join(PKI, name);

/** Makes a CA, the certificate of the API server and the key that signs service account tokens. */
export function makeCertificates(addresses: readonly string[]): void {
  mkdirSync(PKI, { recursive: true, mode: 0o700 });
  for (const key of ['ca', 'accounts']) makeKey(key);
  const uses = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  openssl(['req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=e2e', ...DAYS, ...uses, '-out', 'ca.crt']);
  makeServerCertificate('server', addresses);
}

/** A certificate `<name>.crt` of the run's CA, with its key. */
export function makeServerCertificate(name: string, addresses: readonly string[]): void {
  makeCertificate(name, `/CN=${name}`, `subjectAltName=${addresses.join(',')}\n`);
}

/** A certificate by which a program proves who it is. */
export function makeClientCertificate(name: string, subject: string): void {
  makeCertificate(name, subject, 'extendedKeyUsage=clientAuth\n');
}

function makeCertificate(name: string, subject: string, extensions: string): void {
  makeKey(name);
  openssl(['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`]);
  writeFileSync(pkiFile(`${name}.ext`), `${extensions}${IDENTIFIERS}`);
  const ca = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.crt`];
  openssl(['x509', '-req', ...ca, ...DAYS, ...files]);
}

function makeKey(name: string): void {
  openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: PKI, stdio: ['ignore', 'ignore', 'pipe'] });
}
