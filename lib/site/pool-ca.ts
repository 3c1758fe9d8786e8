import { X509Certificate } from 'node:crypto';
import type { Problem } from './problem';

/** File beside site.yaml with the certificates that outside clients trust. */
export const POOL_CA = 'pool-ca.crt';

/** A certificate of an authority, as a person compares it. */
export interface CaCertificate {
  /** One line: `CN=PG1 pool CA, O=INFN`. */
  readonly subject: string;
  /** `2026-11-24T23:14:00Z`; texts of this form sort by time. */
  readonly from: string;
  readonly until: string;
  /** SHA-256, in pairs with colons. */
  readonly fingerprint: string;
  readonly pem: string;
}

export type PoolCa =
  { readonly certificates: readonly CaCertificate[] } | { readonly problems: readonly Problem[] };

/** What can be wrong with the file, with what goes wrong then. */
export const POOL_CA_RULES = {
  'AF-SEC-60':
    'A private key in git is everybody’s: whoever has that of the CA can be any server of the site.',
  'AF-CM-61': 'What is not a certificate in PEM form is read by no client.',
  'AF-CM-62':
    'Clients trust a CA that ends in itself; with the certificate of a server, or of an intermediate CA alone, they refuse.',
  'AF-CM-63': 'With the CA of another site clients refuse every access point of this one.',
} as const;

interface PoolCaFile {
  /** As messages name it: `sites/pg1/pool-ca.crt`. */
  readonly file: string;
  readonly text: string;
  /** Name in the certificate of the CA. @default any name will do */
  readonly commonName?: string;
}

/** A part of the file between its marks. */
interface Block {
  readonly label: string;
  readonly pem: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
}

interface Read {
  readonly line: number;
  readonly certificate: X509Certificate;
}

interface Complaint {
  readonly rule: keyof typeof POOL_CA_RULES;
  readonly line: number;
  readonly expected: string;
  readonly got: string;
  readonly words: string;
}

/** Reads the certificates of a CA, or says everything that keeps them from being used. */
export function parsePoolCa({ file, text, commonName }: PoolCaFile): PoolCa {
  const blocks = blocksOf(text);
  const read = blocks.flatMap(readBlock);
  const authorities = read.filter(({ certificate }) => certificate.ca);
  const complaints = [
    ...aboutKeys(text),
    ...aboutBlocks(file, text, blocks),
    ...read.filter(({ certificate }) => !certificate.ca).map(aboutServer),
    ...aboutRoot(authorities),
    ...aboutName(authorities, commonName),
  ];
  if (complaints.length === 0)
    return { certificates: authorities.map(({ certificate }) => describe(certificate)) };
  return {
    problems: complaints.map(({ words, ...complaint }) => ({
      ...complaint,
      file,
      column: 1,
      path: [],
      fix: { kind: 'files', words },
    })),
  };
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^]*?-----END \1-----/g)].map((match) => ({
    label: match[1] ?? '',
    pem: match[0],
    line: text.slice(0, match.index).split('\n').length,
  }));
}

function readBlock({ label, pem, line }: Block): Read[] {
  if (label !== 'CERTIFICATE') return [];
  try {
    return [{ line, certificate: new X509Certificate(pem) }];
  } catch {
    return [];
  }
}

const decoded = (text: string) => Buffer.from(text, 'base64').toString('latin1');
const KEY = /BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

/** A key, also one inside a Secret that was written as it is, in base64. */
function aboutKeys(text: string): Complaint[] {
  const at = text
    .split('\n')
    .findIndex(
      (line) =>
        KEY.test(line) ||
        [...line.matchAll(/[A-Za-z0-9+/=]{64,}/g)].some(([encoded]) => KEY.test(decoded(encoded))),
    );
  if (at < 0) return [];
  const words =
    'remove the file, and if it was ever pushed, make a new CA as after a theft (docs/runbooks/ca-rotation.md)';
  const got = 'a private key';
  return [{ rule: 'AF-SEC-60', line: at + 1, expected: 'certificates and nothing else', got, words }];
}

const IN_PEM = { rule: 'AF-CM-61', expected: 'a certificate in PEM form' } as const;

function aboutBlocks(file: string, text: string, blocks: readonly Block[]): Complaint[] {
  if (blocks.length === 0 && aboutKeys(text).length === 0) {
    if (decoded(text).startsWith('-----BEGIN CERTIFICATE')) {
      const words = `base64 -d ${file} > ca.tmp && mv ca.tmp ${file}`;
      return [{ ...IN_PEM, line: 1, got: 'one that is encoded once more, as in a Secret', words }];
    }
    const words = 'take it from the cluster; npm run client-kit says how';
    return [{ ...IN_PEM, line: 1, got: text.trim() === '' ? 'an empty file' : 'something else', words }];
  }
  return blocks
    .filter((block) => !block.label.includes('PRIVATE KEY') && readBlock(block).length === 0)
    .map(({ label, line }) => {
      const got = label === 'CERTIFICATE' ? 'one that is damaged' : `a ${label.toLowerCase()}`;
      return { ...IN_PEM, line, got, words: `remove what begins at line ${String(line)}` };
    });
}

function aboutServer({ line, certificate }: Read): Complaint {
  const words = `replace what begins at line ${String(line)} by the certificate of the CA, ${oneLine(certificate.issuer)}`;
  const got = `that of a server, ${oneLine(certificate.subject)}`;
  return { rule: 'AF-CM-62', line, expected: 'the certificate of a CA', got, words };
}

function aboutRoot(authorities: readonly Read[]): Complaint[] {
  const [first] = authorities;
  if (!first || authorities.some(({ certificate }) => isRoot(certificate))) return [];
  const issuer = oneLine(first.certificate.issuer);
  const got = `only intermediate ones; ${oneLine(first.certificate.subject)} is signed by ${issuer}`;
  const expected = 'a CA that is signed by itself among them';
  return [
    { rule: 'AF-CM-62', line: first.line, expected, got, words: `append the certificate of ${issuer}` },
  ];
}

function aboutName(authorities: readonly Read[], commonName: string | undefined): Complaint[] {
  const [first] = authorities;
  if (!first || commonName === undefined) return [];
  // The text of a subject has marks before commas and the like; the object has not.
  if (authorities.some(({ certificate }) => certificate.toLegacyObject().subject.CN === commonName))
    return [];
  const words = 'take it from the cluster of this site; npm run client-kit says how';
  const expected = `the CA of this site, CN=${commonName}`;
  const got = authorities.map(({ certificate }) => oneLine(certificate.subject)).join(' and ');
  return [{ rule: 'AF-CM-63', line: first.line, expected, got, words }];
}

function isRoot(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

const oneLine = (name: string) => name.trim().split('\n').join(', ');

function describe(certificate: X509Certificate): CaCertificate {
  return {
    subject: oneLine(certificate.subject),
    from: isoTime(certificate.validFrom),
    until: isoTime(certificate.validTo),
    fingerprint: certificate.fingerprint256,
    pem: certificate.toString(),
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov  4 23:14:00 2026 GMT`, as OpenSSL says it, in the form that sorts. */
export function isoTime(text: string): string {
  const [month = '', day = '', time = '', year = ''] = text.split(/\s+/);
  const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  return `${year}-${number}-${day.padStart(2, '0')}T${time}Z`;
}
