import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessPointSecrets } from './access-point';
import { centralManagerSecrets } from './central-manager';
import { exporterSecrets } from './exporter';
import { mintIdToken, signature, type IdToken } from './id-token';
import { neededSecrets } from './needed-secrets';
import vectors from './id-token.vectors.json';
import { poolSecrets, tokenExpiries, type PoolSecretsProps } from './pool-secrets';
import { PREPARE_DAEMON, REFRESH_SECRETS } from './scripts';

const claims = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('an IDTOKEN', () => {
  test.each(
    vectors.tokens.map(
      ({ why, key, content, token }) => [why, { name: key, content: Buffer.from(content) }, token] as const,
    ),
  )('is signed as HTCondor signs it, with %s', (_, key, token) => {
    const [header, payload, signed] = token.split('.');
    expect(signature(key, `${header ?? ''}.${payload ?? ''}`)).toBe(signed);
  });

  test('is the one that the hub mints in Python, letter for letter', () => {
    const { content, claims: said, token } = vectors.minted;
    const minted = mintIdToken(
      { name: 'hub-key', content: Buffer.from(content) },
      {
        issuer: said.iss,
        subject: said.sub,
        issuedAt: said.iat,
        expires: said.exp,
        id: said.jti,
        authorizations: ['READ', 'WRITE'],
      },
    );
    expect(minted).toBe(token);
  });

  test('says who it is for, until when, and what it may', () => {
    const token: Required<IdToken> = {
      issuer: 'af.example.org',
      subject: 'cms_alice@af.example.org',
      issuedAt: 1000,
      expires: 2000,
      id: '0a',
      authorizations: ['READ', 'WRITE'],
    };
    const key = { name: 'hub-key', content: Buffer.from('key') };
    const said = claims(mintIdToken(key, token));
    expect(said).toEqual({
      iss: 'af.example.org',
      sub: 'cms_alice@af.example.org',
      iat: 1000,
      exp: 2000,
      jti: '0a',
      scope: 'condor:/READ condor:/WRITE',
    });
    const { authorizations: _, ...unlimited } = token;
    expect(claims(mintIdToken(key, unlimited))).not.toHaveProperty('scope');
  });
});

describe('the secrets of a pool', () => {
  let counter = 0;
  const props: Required<PoolSecretsProps> = {
    trustDomain: 'af.example.org',
    method: 'idtokens',
    hubNamespace: 'jupyterhub',
    now: 1000,
    random: (bytes) =>
      createHash('sha512')
        .update(String(counter++))
        .digest('hex')
        .slice(0, 2 * bytes),
    signingKey: 'the key that there is',
    monitored: true,
    keepsPassword: true,
  };
  const { signingKey: _, keepsPassword: __, ...fresh } = props;
  const names = (all: readonly { namespace: string; name: string }[]) =>
    all.map(({ namespace, name }) => `${namespace}/${name}`);

  test.each(['idtokens', 'password'] as const)('are those that a site needs, with method %s', (method) => {
    const made = poolSecrets({ ...fresh, method });
    const needed = neededSecrets({ site: 'pg1', method, hub: true, monitored: true });
    expect(
      names(made)
        .filter((name) => !name.startsWith('jupyterhub/'))
        .sort(),
    ).toEqual(names(needed).sort());
    for (const { namespace, name, keys } of needed)
      expect(
        Object.keys(made.find((each) => each.namespace === namespace && each.name === name)?.values ?? {}),
      ).toEqual(keys);
  });

  test('are those that the pods mount', () => {
    for (const method of ['idtokens', 'password'] as const) {
      const mounted = [
        ...centralManagerSecrets(method, true),
        ...accessPointSecrets(method, { trustsHub: true, monitored: true }),
        ...exporterSecrets(method),
      ].map(({ secret }) => `htcondor/${secret.name}`);
      const needed = names(neededSecrets({ site: 'pg1', method, hub: true, monitored: true }));
      expect([...new Set(mounted)].sort()).toEqual(
        needed.filter((name) => name.startsWith('htcondor/')).sort(),
      );
    }
  });

  test('name the command that makes them and who reads them', () => {
    for (const { purpose } of neededSecrets({ site: 'pg1', method: 'idtokens', hub: true, monitored: true }))
      expect(purpose).toContain('npm run pool-secrets -- pg1');
  });

  test('have tokens of 90 days that may do what the role needs and nothing else', () => {
    const made = poolSecrets(fresh);
    const of = (name: string) => made.find((each) => each.name === name);
    const execute = of('htcondor-token-execute');
    expect(claims(execute?.values['execute'] ?? '')).toMatchObject({
      sub: 'execute@af.example.org',
      iss: 'af.example.org',
      exp: 1000 + 90 * 86_400,
      scope: 'condor:/READ condor:/ADVERTISE_STARTD condor:/ADVERTISE_MASTER',
    });
    expect(execute?.expires).toBe(1000 + 90 * 86_400);
    expect(claims(of('htcondor-token-ap')?.values['ap'] ?? '')).toMatchObject({
      sub: 'ap@af.example.org',
      scope: 'condor:/READ condor:/ADVERTISE_SCHEDD condor:/ADVERTISE_MASTER',
    });
  });

  test('have keys without a zero byte, which would end them, and hub and access points share one', () => {
    const made = poolSecrets(fresh);
    expect(made.find(({ name }) => name === 'htcondor-signing-key')?.values['POOL']).toMatch(
      /^[0-9a-f]{128}$/,
    );
    const hub = made.filter(({ name }) => name === 'htcondor-hub-key');
    expect(hub.map(({ namespace }) => namespace)).toEqual(['htcondor', 'jupyterhub']);
    expect(new Set(hub.map(({ values }) => values['hub-key'])).size).toBe(1);
  });

  test('are only tokens where the pool has its key already', () => {
    expect(names(poolSecrets(props))).toEqual([
      'htcondor/htcondor-token-ap',
      'htcondor-execute/htcondor-token-execute',
      'htcondor/htcondor-token-monitor',
      'htcondor/htcondor-monitor-key',
      'htcondor/htcondor-token-monitor-queue',
    ]);
  });

  test('let the exporter read, at the collector by the key of the pool and at the queues by one of its own', () => {
    const made = poolSecrets(fresh);
    const value = (name: string, key: string) => made.find((each) => each.name === name)?.values[key] ?? '';
    for (const [token, key, keyName] of [
      [value('htcondor-token-monitor', 'monitor'), value('htcondor-signing-key', 'POOL'), 'POOL'],
      [
        value('htcondor-token-monitor-queue', 'monitor-queue'),
        value('htcondor-monitor-key', 'monitor-key'),
        'monitor-key',
      ],
    ] as const) {
      const [header = '', payload = '', signed] = token.split('.');
      expect(claims(token)).toMatchObject({ sub: 'monitor@af.example.org', scope: 'condor:/READ' });
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ kid: keyName });
      expect(signature({ name: keyName, content: Buffer.from(key) }, `${header}.${payload}`)).toBe(signed);
    }
    expect(value('htcondor-monitor-key', 'monitor-key')).not.toBe(value('htcondor-signing-key', 'POOL'));
  });

  test('have none for an exporter where there is none', () => {
    for (const method of ['idtokens', 'password'] as const) {
      const made = names(poolSecrets({ ...fresh, method, monitored: false }));
      expect(made.filter((name) => name.includes('monitor'))).toEqual([]);
      expect(names(neededSecrets({ site: 'pg1', method, hub: true, monitored: false })).sort()).toEqual(
        made.filter((name) => !name.startsWith('jupyterhub/')).sort(),
      );
    }
  });

  test('leave a password as it is, when only what ends is renewed', () => {
    const made = poolSecrets({ ...fresh, method: 'password', keepsPassword: true });
    expect(names(made)).toEqual(['htcondor/htcondor-monitor-key', 'htcondor/htcondor-token-monitor-queue']);
  });

  test('say when each token ends, by the name of its file, and nothing of keys', () => {
    const end = String(1000 + 90 * 86_400);
    expect(tokenExpiries(poolSecrets(fresh))).toEqual({
      ap: end,
      execute: end,
      monitor: end,
      'monitor-queue': end,
    });
    expect(tokenExpiries(poolSecrets({ ...fresh, method: 'password' }))).toEqual({ 'monitor-queue': end });
  });
});

describe('the copy of secrets in a pod', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
    for (const name of ['in/tokens.d/..data_1', 'in/passwords.d', 'own', 'local'])
      mkdirSync(path.join(folder, name), { recursive: true });
    // As the kubelet lays a Secret out.
    symlinkSync('..data_1', path.join(folder, 'in/tokens.d/..data'));
    symlinkSync('..data/ap', path.join(folder, 'in/tokens.d/ap'));
    put('first');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const put = (text: string) => {
    writeFileSync(path.join(folder, 'in/tokens.d/..data_1/ap'), text, { mode: 0o644 });
  };
  /** The script with the folders of the test in the place of those of the pod. */
  const here = (script: string) => {
    const moved = script.replaceAll(/(?<=[ =(])\/(in|own|local)\b/g, `${folder}/$1`);
    expect(moved).not.toMatch(/[ =(]\/(?:in|own|local)\b/);
    return moved;
  };
  const run = () => execFileSync('sh', ['-c', here(PREPARE_DAEMON)]);
  const copy = () => path.join(folder, 'own/tokens.d/ap');

  test('is the daemon’s own, and for nobody else to read', () => {
    run();
    expect(readFileSync(copy(), 'utf8')).toBe('first');
    expect(statSync(copy()).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(copy())).mode & 0o777).toBe(0o700);
    expect(readdirSync(path.dirname(copy()))).toEqual(['ap']);
    expect(readdirSync(path.join(folder, 'local'))).toEqual(['lock', 'log', 'run']);
  });

  test('follows the Secret, and is not touched while that stays the same', () => {
    run();
    chmodSync(copy(), 0o400);
    run();
    expect(statSync(copy()).mode & 0o777).toBe(0o400);
    put('second');
    run();
    expect(readFileSync(copy(), 'utf8')).toBe('second');
    expect(statSync(copy()).mode & 0o777).toBe(0o600);
  });

  test('is made again and again while the pod runs, until it is told to end', async () => {
    run();
    const loop = spawn('sh', ['-c', here(REFRESH_SECRETS).replace(/sleep \d+/, 'sleep 0.05')]);
    const ended = new Promise((resolve) => loop.on('exit', resolve));
    try {
      for (const text of ['second', 'third']) {
        put(text);
        for (let tries = 0; tries < 200 && readFileSync(copy(), 'utf8') !== text; tries++) await sleep(20);
        expect(readFileSync(copy(), 'utf8')).toBe(text);
      }
    } finally {
      loop.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
  });

  test('goes when the Secret has lost the file', () => {
    run();
    rmSync(path.join(folder, 'in/tokens.d/ap'));
    run();
    expect(existsSync(copy())).toBe(false);
  });
});
