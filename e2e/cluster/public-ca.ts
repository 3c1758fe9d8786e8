import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, runFolder } from './cache';

/** The authority of the outside world: images trust it as they trust those of Debian, so it outlives a run. */
const FOLDER = cacheFolder('public-ca');
/** Servers that a suite plays have its certificates. */
const SERVERS = runFolder('public');
const A_MONTH = String(30 * 86_400);
const EXTENSIONS = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

const CA = path.join(FOLDER, 'ca.crt');
const CA_KEY = path.join(FOLDER, 'ca.key');

/** Every layer of every image asks for the authority: openssl looks at it once. */
let seen = false;

/** File with its certificate, which is made when there is none, or when its time is nearly over. */
export function publicCa(): string {
  if (seen) return CA;
  if (!existsSync(CA) || !isGood(CA)) {
    makeKey(CA_KEY);
    const subject = ['-subj', '/O=Analysis Facility tests/CN=Public authority of the tests'];
    const extensions = EXTENSIONS.flatMap((each) => ['-addext', each]);
    openssl(['req', '-x509', '-new', '-key', CA_KEY, ...subject, '-days', '365', ...extensions, '-out', CA]);
  }
  seen = true;
  return CA;
}

/** Its certificate for a host, and for others that are served with it. */
export function publicCertificate(
  host: string,
  ...others: readonly string[]
): { readonly certificate: string; readonly key: string } {
  publicCa();
  const file = (ending: string) => path.join(SERVERS, `${host}.${ending}`);
  makeKey(file('key'));
  openssl(['req', '-new', '-key', file('key'), '-subj', `/CN=${host}`, '-out', file('csr')]);
  const extensions = [
    `subjectAltName=${[host, ...others].map((name) => `DNS:${name}`).join(',')}`,
    'extendedKeyUsage=serverAuth',
    'subjectKeyIdentifier=hash',
    'authorityKeyIdentifier=keyid',
  ];
  writeFileSync(file('ext'), extensions.join('\n'));
  const serial = ['-CAserial', path.join(SERVERS, 'serial'), '-CAcreateserial'];
  const ca = ['-CA', CA, '-CAkey', CA_KEY, ...serial];
  const files = ['-in', file('csr'), '-extfile', file('ext'), '-out', file('crt')];
  openssl(['x509', '-req', ...ca, '-days', '7', ...files]);
  return { certificate: file('crt'), key: file('key') };
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

function makeKey(file: string): void {
  openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file]);
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
