import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cache';

/**
 * The authority of the outside world: images trust it as they trust those of Debian, so it outlives a run. Servers that a
 * suite plays have its certificates.
 */
const FOLDER = cacheFolder('public-ca');
const A_MONTH = String(30 * 86_400);
const EXTENSIONS = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

const fileOf = (name: string) => path.join(FOLDER, name);

/** File with its certificate, which is made when there is none, or when its time is nearly over. */
export function publicCa(): string {
  const certificate = fileOf('ca.crt');
  if (!existsSync(certificate) || !isGood(certificate)) {
    makeKey('ca');
    const subject = ['-subj', '/O=Analysis Facility tests/CN=Public authority of the tests'];
    const extensions = EXTENSIONS.flatMap((each) => ['-addext', each]);
    openssl([
      'req',
      '-x509',
      '-new',
      '-key',
      'ca.key',
      ...subject,
      '-days',
      '365',
      ...extensions,
      '-out',
      'ca.crt',
    ]);
  }
  return certificate;
}

/** Its certificate for a host, and for others that are served with it. */
export function publicCertificate(
  host: string,
  ...others: readonly string[]
): { readonly certificate: string; readonly key: string } {
  publicCa();
  makeKey(host);
  openssl(['req', '-new', '-key', `${host}.key`, '-subj', `/CN=${host}`, '-out', `${host}.csr`]);
  const extensions = [
    `subjectAltName=${[host, ...others].map((name) => `DNS:${name}`).join(',')}`,
    'extendedKeyUsage=serverAuth',
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
  ];
  writeFileSync(fileOf(`${host}.ext`), extensions.join('\n'));
  const ca = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  const files = ['-in', `${host}.csr`, '-extfile', `${host}.ext`, '-out', `${host}.crt`];
  openssl(['x509', '-req', ...ca, '-days', '7', ...files]);
  return { certificate: fileOf(`${host}.crt`), key: fileOf(`${host}.key`) };
}

/** Text for an image to trust. */
export const publicCaText = () => readFileSync(publicCa(), 'utf8');

function isGood(certificate: string): boolean {
  try {
    openssl(['x509', '-in', certificate, '-noout', '-checkend', A_MONTH]);
    return true;
  } catch {
    return false;
  }
}

function makeKey(name: string): void {
  openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'pipe'] });
}
