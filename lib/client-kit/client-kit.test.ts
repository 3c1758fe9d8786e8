import { unknown } from '../htcondor/config/known-parameters.fixture';
import { clientKitProps } from '../site-props/client-kit';
import { clientKit } from './client-kit';
import { ca, full, propsOf, real } from './client-kit.fixture';
import type { ClientKitProps } from './props';

const kits: readonly (readonly [name: string, kit: ReadonlyMap<string, string>])[] = [
  ['single-node', clientKit(propsOf(real('single-node'), ca))],
  ['infn-perugia', clientKit(propsOf(real('infn-perugia')))],
  ['two-experiments', clientKit(propsOf(real('two-experiments'), ca))],
  ['full', clientKit(propsOf(full(), ca))],
];

/** What the page has users type, and the configuration that it names. */
const TOOLS = [
  'condor_config',
  'condor_ping',
  'condor_q',
  'condor_release',
  'condor_rm',
  'condor_ssh_to_job',
  'condor_status',
  'condor_submit',
  'condor_submit_dag',
  'condor_tail',
  'condor_transfer_data',
  'condor_wait',
];

describe.each(kits)('the kit of %s', (_, kit) => {
  test('is, to the letter, what users get', () => {
    for (const [file, text] of kit) expect(text).toMatchSnapshot(file);
    expect(kit.size).toBeGreaterThan(4);
  });

  test('has nothing left to fill in', () => {
    for (const [file, text] of kit) {
      const left = text.match(/<(?!!-- Generated)[^>\n]*>|\b(?:TODO|FIXME|XXX|undefined|NaN)\b|\[object|…/g);
      expect([file, left]).toEqual([file, null]);
      expect(text).not.toMatch(/\n{3}|[ \t]$/m);
    }
  });

  test('sets parameters that HTCondor knows, each once, and demands every protection', () => {
    const config = kit.get('condor_config') ?? '';
    expect(unknown(config)).toEqual([]);
    const lines = config.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const settings = new Map(lines.map((line) => line.split(' = ') as [string, string]));
    expect(settings.size).toBe(lines.length);
    expect(Object.fromEntries(settings)).toMatchObject({
      SEC_CLIENT_AUTHENTICATION: 'REQUIRED',
      SEC_CLIENT_ENCRYPTION: 'REQUIRED',
      SEC_CLIENT_INTEGRITY: 'REQUIRED',
      SEC_CLIENT_CRYPTO_METHODS: 'AES',
      SEC_CLIENT_AUTHENTICATION_METHODS: 'SCITOKENS',
      AUTH_SSL_CLIENT_USE_DEFAULT_CAS: 'False',
      BOOTSTRAP_SSL_SERVER_TRUST: 'False',
      BOOTSTRAP_SSL_SERVER_TRUST_PROMPT_USER: 'False',
    });
  });

  test('names every file that it has, and no other', () => {
    const readme = kit.get('README.md') ?? '';
    for (const file of [...kit.keys()].filter((each) => each !== 'README.md'))
      expect(readme).toContain(file.replace(/^example\/.*/, 'example/'));
    for (const [, file = ''] of readme.matchAll(/^\| `([\w.-]+)` \|/gm))
      if (file !== 'ca.crt') expect([...kit.keys()]).toContain(file);
    expect(readme.includes('One step is left')).toBe(!kit.has('ca.crt'));
  });

  test('trusts the CA that lies beside it, from wherever the tools are called, and knows the port of the access point', () => {
    const config = kit.get('condor_config') ?? '';
    expect(config).toMatch(/^AUTH_SSL_CLIENT_CAFILE = \$\(CONFIG_ROOT\)\/ca\.crt$/m);
    const [, host = ''] = /^SCHEDD_HOST = (.*)$/m.exec(config) ?? [];
    expect(host).toMatch(/:\d+$/);
    expect(kit.get('README.md')).toMatch(new RegExp(`^\\| Access point \\S+ \\| \`${host}\` \\|$`, 'm'));
  });

  test('names tools that HTCondor has, and sends files along', () => {
    const readme = kit.get('README.md') ?? '';
    const tools = new Set(readme.match(/\bcondor_[a-z]\w+/g));
    expect([...tools].filter((tool) => !TOOLS.includes(tool))).toEqual([]);
    expect(readme.match(/^condor_submit.*$/gm)).toEqual([
      expect.stringContaining('condor_submit -spool pi.sub'),
    ]);
  });

  test('has an example that fits everywhere, and whose jobs write into no file of each other', () => {
    const submit: Readonly<Record<string, string>> = Object.fromEntries(
      [...(kit.get('example/pi.sub') ?? '').matchAll(/^(\w+) = (.*)$/gm)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
    for (const file of ['output', 'error', 'log', 'transfer_output_files'])
      expect(submit[file]).toContain('$(Process)');
    expect(submit).toMatchObject({
      request_cpus: '1',
      request_memory: expect.stringMatching(/^\d{1,3}MB$/) as unknown,
      request_disk: expect.stringMatching(/^\d{1,3}MB$/) as unknown,
      should_transfer_files: 'YES',
      when_to_transfer_output: 'ON_EXIT',
    });
  });

  test('says it alike in rows of every table', () => {
    const tables = (kit.get('README.md') ?? '').split('\n\n').filter((block) => block.startsWith('| '));
    expect(tables.length).toBeGreaterThan(4);
    for (const each of tables) {
      const columns = each.split('\n').map((row) => row.split(' | ').length);
      expect(new Set(columns).size).toBe(1);
    }
  });
});

describe('what a site decides', () => {
  const config = (props: ClientKitProps) => clientKit(props).get('condor_config');
  const readme = (props: ClientKitProps) => clientKit(props).get('README.md');

  test('a public certificate is trusted by the machine’s own authorities, and no CA is handed out', () => {
    const kit = clientKit(propsOf(full((text) => text.replace('issuer: pool-ca', 'issuer: public'))));
    expect(kit.has('ca.crt')).toBe(false);
    expect(kit.get('condor_config')).toContain('AUTH_SSL_CLIENT_USE_DEFAULT_CAS = True');
    expect(kit.get('condor_config')).not.toContain('CAFILE');
    for (const text of kit.values()) expect(text).not.toMatch(/ca\.crt|One step/);
  });

  test('the CA of a committed file is handed out, also for a private ACME server', () => {
    const kit = clientKit(
      propsOf(
        full((text) => text.replace('issuer: pool-ca', 'issuer: wildcard')),
        ca,
      ),
    );
    expect(kit.get('ca.crt')).toContain(ca[0]?.pem.trim());
  });

  test('the collector is named only where it is open', () => {
    expect(config(propsOf(real('infn-perugia')))).toContain(
      'COLLECTOR_HOST = htc.af.pg.infn.example.org:30618',
    );
    expect(config(propsOf(real('single-node')))).not.toContain('COLLECTOR_HOST');
  });

  test('the page says who one is, for whom workers are, and how long a job may run', () => {
    const text = readme(propsOf(full(), ca)) ?? '';
    expect(text).toMatch(/^\| Your name in the pool \| `cms_` .* `@htc\.af\.pg\.example\.org`/m);
    expect(text).toMatch(/^\| cpu \| 8 \| 30Gi \| 80Gi \| – \| all \|$/m);
    expect(text).toMatch(/^\| a100 \| .* \| cms \|$/m);
    expect(text).toContain('It runs at most 2 days, then it is held. It may fill at most 60Gi');
    expect(text).toMatch(/^- You may have so many jobs in the queue: 5000 on ap1, \d+ on ap2\.$/m);
    const places = /^- Jobs reach these places outside of the pool, and no others: (.*)\.$/m.exec(text)?.[1];
    const { htcondor } = full();
    expect(places?.split(', ')).toEqual([
      ...(htcondor?.jobs.egress ?? []).map(({ name }) => name),
      'XRootD of cms',
      'S3 of vo2',
    ]);
    // Without both the tools say nothing that leads further.
    expect(text).toMatch(/^_condor_TOOL_DEBUG=D_SECURITY condor_ping -debug /m);
  });

  test('a token is asked for the narrowest audience that is accepted', () => {
    expect(readme(propsOf(full(), ca))).toContain('oidc-token --aud=af.pg.example.org ');
    expect(readme(propsOf(real('single-node'), ca))).toContain('--aud=https://wlcg.cern.ch/jwt/v1/any ');
  });

  test('every issuer has an account of its own', () => {
    const accounts = [...(readme(propsOf(full(), ca)) ?? '').matchAll(/offline_access" (\S+)$/gm)];
    expect(accounts.map(([, account]) => account)).toEqual(['full-cms', 'full-cms-2', 'full-vo2']);
  });

  test('the Secret of a CA that was made elsewhere is the one that the site names', () => {
    const props = propsOf(
      full((text) =>
        text.replace(
          /- \{ name: pool-ca, type: privateCA.*/,
          '- { name: pool-ca, type: existingCA, secret: institute }',
        ),
      ),
    );
    expect(props.trust).toEqual({ type: 'missing', issuer: 'pool-ca', secret: 'institute' });
  });

  test('a site that opens no access point has no kit', () => {
    const closed = (text: string) =>
      text
        .replace(/^ {2}external:\n(?: {4}.*\n)+/m, '')
        .replace(/,? *(?:^ +)?external: \{ port: \d+ \}/gm, '');
    expect(clientKitProps(full(closed))).toEqual({
      reason: expect.stringContaining('opens no access point') as string,
    });
  });

  test('a site whose certificate nobody trusts has no kit', () => {
    const staging = (text: string) =>
      text
        .replace('server: letsencrypt-production', 'server: letsencrypt-staging')
        .replace('issuer: pool-ca', 'issuer: public');
    expect(clientKitProps(full(staging))).toEqual({
      reason: expect.stringContaining('letsencrypt-staging, which no machine trusts') as string,
    });
    expect(clientKitProps(full(staging), ca)).toMatchObject({ trust: { type: 'ca' } });
  });
});
