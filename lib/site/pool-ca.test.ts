import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { problemText } from './problem';
import { isoTime, parsePoolCa, POOL_CA_RULES } from './pool-ca';

const FILE = 'sites/pg1/pool-ca.crt';
const read = (name: string) =>
  readFileSync(path.join(__dirname, 'fixtures', 'pool-ca', `${name}.crt`), 'utf8');
const [root, other, intermediate, server] = ['root', 'other', 'intermediate', 'server'].map(read) as [
  string,
  string,
  string,
  string,
];
/** Made here, because no key belongs into a repository. */
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const base64 = (text: string) => Buffer.from(text).toString('base64');

function problemsOf(text: string, commonName?: string): readonly string[] {
  const parsed = parsePoolCa({ file: FILE, text, ...(commonName === undefined ? {} : { commonName }) });
  return 'problems' in parsed ? parsed.problems.map(problemText) : [];
}
const rulesOf = (text: string, commonName?: string) =>
  problemsOf(text, commonName).map((problem) => /\(([\w-]+)\)/.exec(problem)?.[1]);

test('a CA is read with what people compare', () => {
  const parsed = parsePoolCa({ file: FILE, text: root, commonName: 'PG1 AF pool CA' });
  expect(parsed).toEqual({
    certificates: [
      {
        subject: 'CN=PG1 AF pool CA',
        from: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        until: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/) as string,
        pem: root,
      },
    ],
  });
});

test('two CAs, while one takes the place of the other, and a chain with its root are taken', () => {
  expect(rulesOf(`# the old one\n${root}# the new one\n${other}`, 'PG1 AF pool CA')).toEqual([]);
  expect(rulesOf(`${intermediate}${root}`)).toEqual([]);
});

test('a name with a comma in it is the same name', () => {
  expect(rulesOf(other, 'Other, and known CA')).toEqual([]);
});

test.each([
  ['a private key', 'AF-SEC-60', key],
  ['a private key beside the certificate', 'AF-SEC-60', `${root}${key}`],
  [
    'a Secret as kubectl prints it',
    'AF-SEC-60',
    `data:\n  tls.crt: ${base64(root)}\n  tls.key: ${base64(key)}\n`,
  ],
  ['an empty file', 'AF-CM-61', ''],
  ['the certificate as it is in a Secret', 'AF-CM-61', base64(root)],
  ['a request', 'AF-CM-61', '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n'],
  ['a certificate that was cut', 'AF-CM-61', root.replace(/\n.*\n(-----END)/, '\n$1')],
  ['the certificate of a server', 'AF-CM-62', server],
  ['an intermediate CA alone', 'AF-CM-62', intermediate],
  ['the CA of another site', 'AF-CM-63', other],
])('%s is refused, with a way out', (_, rule, text) => {
  expect([...new Set(rulesOf(text, rule === 'AF-CM-63' ? 'PG1 AF pool CA' : undefined))]).toEqual([rule]);
});

test('every rule refuses something above, and all mistakes are said at once', () => {
  const rules = rulesOf(
    `${other}${server}${key}-----BEGIN X509 CRL-----\n-----END X509 CRL-----`,
    'PG1 AF pool CA',
  );
  expect([...rules].sort()).toEqual(Object.keys(POOL_CA_RULES).sort());
});

test('the text of a mistake has its line, and the fix for base64 is true', () => {
  const [problem = ''] = problemsOf(base64(root));
  expect(problem).toBe(`${FILE}:1:1  (AF-CM-61)
    expected  a certificate in PEM form
    got       one that is encoded once more, as in a Secret
    fix       base64 -d ${FILE} > ca.tmp && mv ca.tmp ${FILE}
`);
  expect(problemsOf(Buffer.from(base64(root), 'base64').toString())).toEqual([]);
  expect(problemsOf(`${root}${server}`)[0]).toContain(
    `${FILE}:${String(root.split('\n').length)}:1  (AF-CM-62)`,
  );
  expect(problemsOf(`${root}${key}`).join('')).not.toContain(key.split('\n')[1]);
});

test('appending the root, as the fix says, makes an intermediate CA good', () => {
  expect(problemsOf(intermediate)[0]).toContain('fix       append the certificate of CN=PG1 AF pool CA');
  expect(problemsOf(intermediate + root)).toEqual([]);
});

test('times have the form that sorts', () => {
  expect(isoTime('Nov  4 01:02:03 2026 GMT')).toBe('2026-11-04T01:02:03Z');
  expect(isoTime('Jan 31 23:59:59 2046 GMT')).toBe('2046-01-31T23:59:59Z');
});
