import { cms, gibibytes, vo2 } from '../htcondor.fixture';
import { accessPointConfig, type AccessPointConfig } from './access-point';
import { accountingGroupsConfig, groupMap } from './accounting-groups';
import { centralManagerConfig, type CentralManagerConfig } from './central-manager';
import { commonConfig } from './common';
import { quoted } from './conf';
import { executeConfig, type ExecuteConfig } from './execute';
import { escaped, mapFile } from './map-file';

const value = (text: string, name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(text)?.[1];

describe('every pod', () => {
  const text = commonConfig({
    trustDomain: 'af.example.org',
    collector: 'cm.example.org',
    method: 'idtokens',
  });

  test('demands authentication, encryption and integrity, with AES alone', () => {
    for (const feature of ['AUTHENTICATION', 'ENCRYPTION', 'INTEGRITY'])
      expect(value(text, `SEC_DEFAULT_${feature}`)).toBe('REQUIRED');
    expect(value(text, 'SEC_DEFAULT_CRYPTO_METHODS')).toBe('AES');
  });

  test('knows administrators inside the pod only', () => {
    expect(value(text, 'SEC_ADMINISTRATOR_AUTHENTICATION_METHODS')).toBe('FS');
  });

  test('lets users look, and nobody but the daemons of the pool do anything', () => {
    const allowed = [...text.matchAll(/^ALLOW_(\w+) = (.*)$/gm)].map(([, name, who]) => [name, who]);
    expect(allowed.filter(([, who]) => who?.includes('*'))).toEqual([['READ', '*@$(UID_DOMAIN)']]);
    expect(allowed).toHaveLength(8);
  });

  test('takes FS before tokens, because tools of root would otherwise make themselves a token that nobody admits', () => {
    expect(value(text, 'SEC_DEFAULT_AUTHENTICATION_METHODS')).toBe('FS, IDTOKENS');
  });

  test('knows daemons by a password instead of tokens, where the site says so', () => {
    const password = commonConfig({ trustDomain: 'a.example.org', collector: 'cm', method: 'password' });
    expect(value(password, 'SEC_DEFAULT_AUTHENTICATION_METHODS')).toBe('FS, PASSWORD');
    expect(value(password, 'SEC_PASSWORD_FILE')).toBe('/etc/condor/pool-password/pool-password');
    expect(text).not.toContain('SEC_PASSWORD_FILE');
  });
});

describe('the central manager', () => {
  const props: Required<CentralManagerConfig> = {
    poolName: 'Test',
    hostName: 'central-manager.htcondor.svc.cluster.local',
    negotiatorIntervalSeconds: 30,
    method: 'idtokens',
    monitored: true,
    outsideAudience: ['a', 'b', 'a'],
  };
  const { outsideAudience: _, ...closed } = props;

  test('lets each role say of itself that it exists, and nobody write', () => {
    const text = centralManagerConfig(closed);
    expect(value(text, 'ALLOW_ADVERTISE_STARTD')).toBe('execute@$(UID_DOMAIN)');
    expect(value(text, 'ALLOW_ADVERTISE_SCHEDD')).toBe('ap@$(UID_DOMAIN)');
    expect(text).not.toContain('ALLOW_WRITE');
    expect(text).not.toMatch(/\*@|SCITOKENS/);
    expect(value(text, 'NEGOTIATOR_INTERVAL')).toBe('30');
    expect(value(text, 'COLLECTOR_NAME')).toBe('Test');
  });

  test('knows the collector by its own address, since it would report to the one of the Service and wait for itself', () => {
    expect(centralManagerConfig(props)).toContain('\nCOLLECTOR_HOST = $(IP_ADDRESS):9618\n');
  });

  test('takes tokens of issuers for reading, where its port is open', () => {
    const text = centralManagerConfig(props);
    expect(value(text, 'SEC_READ_AUTHENTICATION_METHODS')).toBe('FS, IDTOKENS, SCITOKENS');
    expect(value(text, 'SCITOKENS_SERVER_AUDIENCE')).toBe('a, b');
    expect(text).not.toContain('SEC_DEFAULT_AUTHENTICATION_METHODS');
  });

  test('lets the exporter read, where there is one, and do nothing else', () => {
    for (const method of ['idtokens', 'password'] as const) {
      const lines = (monitored: boolean) =>
        centralManagerConfig({ ...closed, method, monitored }).split('\n');
      const [there, gone] = [lines(true), lines(false)];
      expect(gone.join('\n')).not.toContain('monitor@');
      expect(there.filter((line) => line.includes('monitor@')).map((line) => line.split(' ')[0])).toEqual([
        'ALLOW_READ',
      ]);
      // Its token is the only one in a pool with a password.
      const added = there.filter((line) => !gone.includes(line) && !line.startsWith('ALLOW_READ'));
      expect(added).toEqual(
        method === 'password' ? ['SEC_READ_AUTHENTICATION_METHODS = FS, PASSWORD, IDTOKENS'] : [],
      );
    }
  });

  test('knows daemons by the identity of the password', () => {
    const text = centralManagerConfig({ ...closed, method: 'password' });
    expect(value(text, 'ALLOW_ADVERTISE_STARTD')).toBe('condor_pool@$(UID_DOMAIN)');
  });
});

describe('an access point', () => {
  const props: Required<AccessPointConfig> = {
    name: 'ap1',
    hostName: 'ap1.example.org',
    method: 'idtokens',
    trustsHub: true,
    monitored: true,
    outsideAudience: ['af.example.org'],
    limits: { wallTimeSeconds: 7200, scratch: gibibytes(1) },
    maxJobsPerOwner: 50,
    auditDays: 30,
    hasGroups: true,
    hasContainers: true,
  };
  const text = accessPointConfig(props);

  test('refuses jobs of Docker, and jobs in containers where no worker runs any', () => {
    const required = (hasContainers: boolean) =>
      accessPointConfig({ ...props, hasContainers }).match(
        /^SUBMIT_REQUIREMENT_(?!NAMES)\w+(?<!_REASON) = .*$/gm,
      );
    const always = [
      'SUBMIT_REQUIREMENT_VanillaOnly = JobUniverse == 5',
      'SUBMIT_REQUIREMENT_NoDocker = WantDocker =!= True',
    ];
    expect(required(true)).toEqual(always);
    expect(value(text, 'SUBMIT_REQUIREMENT_NAMES')).toBe('$(SUBMIT_REQUIREMENT_NAMES) VanillaOnly NoDocker');
    expect(required(false)).toEqual([...always, 'SUBMIT_REQUIREMENT_NoContainers = WantContainer =!= True']);
  });

  test('leaves leftovers of slots to the negotiator, who knows the quotas', () => {
    expect(value(text, 'CLAIM_PARTITIONABLE_LEFTOVERS')).toBe('False');
  });

  test('gives jobs of every client the same lease', () => {
    expect(value(text, 'JOB_DEFAULT_LEASE_DURATION')).toBe('600');
    expect(value(text, 'JOB_TRANSFORM_NAMES')).toBe('$(JOB_TRANSFORM_NAMES) Lease');
    expect(value(text, 'JOB_TRANSFORM_Lease')).toBe('SET JobLeaseDuration $(JOB_DEFAULT_LEASE_DURATION)');
  });

  test('runs no job beside the daemon', () => {
    expect(value(text, 'START_LOCAL_UNIVERSE')).toBe('False');
    expect(value(text, 'START_SCHEDULER_UNIVERSE')).toBe('False');
    expect(value(text, 'SUBMIT_REQUIREMENT_VanillaOnly')).toBe('JobUniverse == 5');
  });

  test('is reached by its address alone', () => {
    expect(value(text, 'SCHEDD_ARGS')).toBe('-sock schedd');
    expect(value(text, 'SHARED_PORT_DEFAULT_ID')).toBe('schedd');
  });

  test('takes tokens of issuers only where clients come from outside', () => {
    expect(value(text, 'SEC_DEFAULT_AUTHENTICATION_METHODS')).toBe('FS, IDTOKENS, SCITOKENS');
    const { outsideAudience: _, ...inside } = props;
    expect(accessPointConfig(inside)).not.toMatch(/SCITOKENS|AUTH_SSL/);
  });

  test('knows notebooks and the exporter by tokens also where daemons know each other by a password', () => {
    const methods = (trustsHub: boolean, monitored = false) =>
      value(
        accessPointConfig({ ...props, method: 'password', trustsHub, monitored }),
        'SEC_DEFAULT_AUTHENTICATION_METHODS',
      );
    expect(methods(true)).toBe('FS, PASSWORD, IDTOKENS, SCITOKENS');
    expect(methods(false, true)).toBe('FS, PASSWORD, IDTOKENS, SCITOKENS');
    expect(methods(false)).toBe('FS, PASSWORD, SCITOKENS');
  });

  test('holds a job that runs too long or fills too much, and says why', () => {
    expect(value(text, 'SYSTEM_PERIODIC_HOLD_NAMES')).toBe('WallTime Scratch');
    expect(value(text, 'SYSTEM_PERIODIC_HOLD_WallTime')).toContain('> 7200');
    expect(value(text, 'SYSTEM_PERIODIC_HOLD_WallTime_REASON')).toMatch(/^".*7200 seconds.*"$/);
    expect(value(text, 'SYSTEM_PERIODIC_HOLD_Scratch')).toContain('DiskUsage > 1048576');
    expect(accessPointConfig({ ...props, limits: { wallTimeSeconds: 1 } })).not.toContain('Scratch');
  });

  test('keeps history and audit log for the days that the site says, and the spool’s cleaning away from them', () => {
    expect(value(text, 'MAX_HISTORY_ROTATIONS')).toBe('30');
    expect(value(text, 'MAX_NUM_SCHEDD_AUDIT_LOG')).toBe('30');
    expect(value(text, 'MAX_JOBS_PER_OWNER')).toBe('50');
    expect(value(text, 'SCHEDD_AUDIT_LOG')).toBe('$(SPOOL)/audit.schedd');
    expect(value(text, 'VALID_SPOOL_FILES')).toBe('audit.schedd*');
  });

  test('assigns groups only where there are experiments', () => {
    expect(text).toContain('use FEATURE:AssignAccountingGroup(/etc/condor/mapfiles/groups)');
    expect(accessPointConfig({ ...props, hasGroups: false })).not.toContain('AssignAccountingGroup');
  });
});

describe('a worker', () => {
  const props: Required<ExecuteConfig> = {
    pool: 'a100',
    cpus: 3,
    disk: gibibytes(2),
    gpus: true,
    experiments: ['cms', 'my-vo'],
    mountsCvmfs: true,
  };
  const text = executeConfig(props);

  test('has one slot that the negotiator may cut in several pieces at once', () => {
    expect(value(text, 'SLOT_TYPE_1_PARTITIONABLE')).toBe('True');
    expect(value(text, 'CONSUMPTION_POLICY')).toBe('True');
  });

  test('runs each job under an account of its own, as many as there are cores', () => {
    expect(text.match(/^SLOT1_\d+_USER = slot1_\d+$/gm)).toHaveLength(3);
    expect(value(text, 'STARTER_ALLOW_RUNAS_OWNER')).toBe('False');
  });

  test('takes jobs that fit its scratch space, ask for a GPU and belong to the experiments of the pool', () => {
    expect(value(text, 'START')).toBe(
      'TARGET.RequestDisk <= 2097152 && TARGET.RequestGPUs >= 1 && regexp("^(group_cms|group_my_vo)([.]|$)", TARGET.AcctGroup)',
    );
    const { experiments: _, ...open } = props;
    expect(value(executeConfig({ ...open, gpus: false }), 'START')).toBe('TARGET.RequestDisk <= 2097152');
  });

  test('looks for GPUs only where it was given some', () => {
    expect(value(executeConfig({ ...props, gpus: false }), 'STARTD_DETECT_GPUS')).toBe('False');
    expect(text).not.toContain('STARTD_DETECT_GPUS');
  });

  test('holds a job that uses more memory or disk than it asked for, instead of losing the pod', () => {
    expect(text).toContain('use POLICY:HOLD_IF_MEMORY_EXCEEDED');
    expect(text).toContain('use POLICY:HOLD_IF_DISK_EXCEEDED');
    expect(value(text, 'RESERVED_MEMORY')).toBe('512');
  });

  test('says of itself which pool it is of, and whether it has /cvmfs', () => {
    expect(value(text, 'STARTD_ATTRS')).toBe('$(STARTD_ATTRS) ExecutePool HasCvmfs');
    expect(value(executeConfig({ ...props, mountsCvmfs: false }), 'STARTD_ATTRS')).toBe(
      '$(STARTD_ATTRS) ExecutePool',
    );
  });
});

describe('fair sharing', () => {
  test('quotas are the shares, those of subgroups parts of them, and never more than the whole', () => {
    const text = accountingGroupsConfig([cms, vo2], false);
    expect(value(text, 'GROUP_NAMES')).toBe('group_cms, group_cms.dask, group_cms.batch, group_my_vo');
    expect(value(text, 'GROUP_QUOTA_DYNAMIC_group_cms')).toBe('0.7');
    expect(value(text, 'GROUP_QUOTA_DYNAMIC_group_cms.dask')).toBe('0.4');
    expect(value(text, 'GROUP_QUOTA_DYNAMIC_group_my_vo')).toBe('0.3');
    const thirds = accountingGroupsConfig(
      ['a', 'b', 'c'].map((name) => ({ ...vo2, name, share: 1 })),
      true,
    );
    expect(value(thirds, 'GROUP_QUOTA_DYNAMIC_group_a')).toBe('0.3333');
  });

  test('what is free is given away only where the site says so', () => {
    expect(value(accountingGroupsConfig([cms], true), 'GROUP_ACCEPT_SURPLUS')).toBe('True');
    expect(value(accountingGroupsConfig([cms], false), 'GROUP_ACCEPT_SURPLUS')).toBe('False');
  });

  test('a user is in the group of the experiment, and may name its subgroups and no other', () => {
    expect(groupMap([cms, vo2])).toBe(
      '* /^cms_.*$/ group_cms,group_cms.dask,group_cms.batch\n* /^my-vo_.*$/ group_my_vo\n',
    );
  });
});

describe('the map file', () => {
  const lines = mapFile([cms, vo2], 'af.example.org').trimEnd().split('\n');

  /** What HTCondor does with a line: the pattern between slashes, and the name that follows it. */
  function user(identity: string): string | undefined {
    for (const line of lines) {
      const [, pattern = '', name = ''] = /^SCITOKENS \/(.*)\/ (\S+)$/.exec(line) ?? [];
      const match = pattern === '' ? null : new RegExp(pattern).exec(identity);
      if (match) return name.replace('\\1', match[1] ?? '');
    }
    return undefined;
  }

  test('names a user after experiment and subject', () => {
    expect(user('https://iam.cms.example.org/,0f7a-11')).toBe('cms_0f7a-11@af.example.org');
    expect(user('https://iam.vo2.example.org:8443,x')).toBe('my-vo_x@af.example.org');
  });

  test.each([
    ['an issuer without the final slash', 'https://iam.cms.example.org,x'],
    ['another host where the dot was', 'https://iamXcms.example.org/,x'],
    ['an issuer that begins alike', 'https://iam.cms.example.org/evil,x'],
    ['an issuer with something before it', 'https://evil.org/?https://iam.cms.example.org/,x'],
    ['a subject with a comma', 'https://iam.cms.example.org/,x,y'],
    ['a subject that looks like an identity', 'https://iam.cms.example.org/,x@af.example.org'],
    ['no subject', 'https://iam.cms.example.org/,'],
  ])('knows nobody with %s', (_, identity) => {
    expect(user(identity)).toBeUndefined();
  });

  test('keeps the names of FS, for the tools in the pod', () => {
    expect(lines.at(-1)).toBe('FS /(.*)/ \\1');
  });

  test('an escaped text takes itself alone', () => {
    const text = 'a.b*c+d?e^f$g{h}i(j)k|l[m]n\\o/p';
    expect(new RegExp(`^${escaped(text)}$`).test(text)).toBe(true);
    expect(escaped('/')).toBe('\\/');
  });
});

test('quotes and backslashes do not end a text of ClassAds', () => {
  expect(quoted('a "b" \\')).toBe('"a \\"b\\" \\\\"');
});
