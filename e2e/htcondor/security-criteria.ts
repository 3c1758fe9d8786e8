import { listAt, textAt } from '../../lib/kubernetes/read';
import { mustKubectl } from '../cluster/kubectl';
import { type Proves, waitFor } from '../cluster/suite';
import { memberOf, type Bench } from './bench';
import { lint } from './knobs';
import {
  CENTRAL_MANAGER,
  EXECUTE_NAMESPACE,
  must,
  NAMESPACE,
  permissionsIn,
  registeredWorkers,
  run,
  workers,
  type Place,
} from './pool';
import { idToken, newKey } from './secrets';
import { startStrangeWorker } from './strange-worker';

/** Permissions that a collector gives, with the one that everybody has who is known at all. */
const OF_A_WORKER = ['ADVERTISE_MASTER', 'ADVERTISE_STARTD', 'ALLOW', 'READ'];

/** One pod of each kind. */
function kindsOf({ pool }: Bench): readonly Place[] {
  const groups = (pool.site.htcondor?.executePools ?? []).flatMap(({ name }) => workers(name).slice(0, 1));
  return [CENTRAL_MANAGER, pool.accessPoint, ...groups];
}

/** Runs a command with HTCondor's tools in a pod with other settings than its own. */
function withSettings(place: Place, settings: Readonly<Record<string, string>>, command: string) {
  const env = Object.entries(settings).map(([name, value]) => `_condor_${name}='${value}'`);
  return run(place, `export ${env.join(' ')}; ${command}`);
}

/** Ways to come without a proof of who one is. */
export const INSECURE = {
  'without any security': {
    SEC_CLIENT_AUTHENTICATION: 'NEVER',
    SEC_CLIENT_ENCRYPTION: 'NEVER',
    SEC_CLIENT_INTEGRITY: 'NEVER',
  },
  'as anonymous': { SEC_CLIENT_AUTHENTICATION_METHODS: 'ANONYMOUS' },
  'as whom one claims to be': { SEC_CLIENT_AUTHENTICATION_METHODS: 'CLAIMTOBE' },
} as const;

/** Who is let in by the daemons of a pool, and who is not: holds for every pool. */
export function securityCriteria(proves: Proves, bench: () => Bench): void {
  proves('A1 configuration of every role parses and has no unknown parameter', () => {
    const places = kindsOf(bench());
    for (const place of places) {
      const { looked, unknown } = lint(place);
      expect({ pod: place.pod, unknown }).toEqual({ pod: place.pod, unknown: [] });
      expect(looked).toBeGreaterThan(30);
    }
    expect(places.length).toBeGreaterThan(2);
  });

  proves('A1 a misspelt parameter and a line without a value are reported', () => {
    const wrong = (line: string) =>
      lint(
        CENTRAL_MANAGER,
        '/tmp/wrong',
        `mkdir -p /tmp/wrong; cp /etc/condor/config.d/*.conf /tmp/wrong; echo '${line}' > /tmp/wrong/99.conf`,
      );
    expect(wrong('SEC_DEFUALT_ENCRYPTION = REQUIRED').unknown).toEqual(['SEC_DEFUALT_ENCRYPTION']);
    expect(wrong('SCHED_INTERVALL = 5').unknown).toEqual(['SCHED_INTERVALL']);
    expect(() => wrong('DAEMON_LIST MASTER')).toThrow(/99\.conf/);
  });

  proves(
    'A2 every daemon asks for authentication, encryption and integrity, and lets nobody in by a wildcard',
    () => {
      for (const place of kindsOf(bench())) {
        const dump = must(place, `condor_config_val -dump -expand '^(ALLOW_|SEC_)'`);
        const values = new Map(
          [...dump.matchAll(/^(\w+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value.trim()]),
        );
        const wildcards = [...values].filter(
          // ALLOW_CLIENT is about whom the daemon itself calls.
          ([name, value]) => /^ALLOW_(?!CLIENT$)[A-Z_]+$/.test(name) && value.split(/[\s,]+/).includes('*'),
        );
        expect({ pod: place.pod, wildcards }).toEqual({ pod: place.pod, wildcards: [] });
        for (const what of ['AUTHENTICATION', 'ENCRYPTION', 'INTEGRITY'])
          expect([place.pod, what, values.get(`SEC_DEFAULT_${what}`)]).toEqual([place.pod, what, 'REQUIRED']);
        expect(values.get('SEC_DEFAULT_CRYPTO_METHODS')).toBe('AES');
        const weaker = [...values].filter(
          ([name, value]) =>
            /^SEC_[A-Z]+_(?:AUTHENTICATION|ENCRYPTION|INTEGRITY)$/.test(name) && value !== 'REQUIRED',
        );
        expect({ pod: place.pod, weaker }).toEqual({ pod: place.pod, weaker: [] });
      }
    },
  );

  proves('A2 the signing key is mounted by the central manager and by nobody else', () => {
    const pods = [NAMESPACE, EXECUTE_NAMESPACE].flatMap((namespace) =>
      listAt(JSON.parse(mustKubectl(['get', 'pods', `--namespace=${namespace}`, '--output=json'])), 'items'),
    );
    expect(pods.length).toBeGreaterThan(2);
    const holders = pods.filter((pod) =>
      listAt(pod, 'spec', 'volumes').some(
        (volume) =>
          textAt(volume, 'secret', 'secretName') === 'htcondor-signing-key' ||
          listAt(volume, 'projected', 'sources').some(
            (source) => textAt(source, 'secret', 'name') === 'htcondor-signing-key',
          ),
      ),
    );
    expect(holders.map((pod) => textAt(pod, 'metadata', 'name'))).toEqual([CENTRAL_MANAGER.pod]);
    expect(must(CENTRAL_MANAGER, 'ls /etc/condor/passwords.d').trim()).toBe('POOL');
  });

  proves('A3 the whole pool registers within 30 seconds', () => {
    expect(registeredWorkers()).toEqual(
      workers()
        .map(({ pod }) => pod)
        .sort(),
    );
    expect(bench().registered).toBeLessThan(30);
  });

  proves(
    'A3 a worker may do with the collector what it needs and nothing else, by its token and over AES',
    () => {
      for (const worker of workers()) {
        const rows = permissionsIn(run(worker, 'condor_ping -type collector -table ALL').out);
        expect(rows.length).toBeGreaterThan(8);
        const allowed = rows.filter((row) => row.allowed);
        expect(allowed.map(({ name }) => name).sort()).toEqual(OF_A_WORKER);
        for (const { authentication, encryption, integrity, identity } of allowed)
          expect([authentication, encryption, integrity, identity]).toEqual([
            'IDTOKENS',
            'AES',
            'AES',
            `execute@${bench().pool.domain}`,
          ]);
      }
    },
  );

  proves('A4 clients that prove nothing are refused by the central manager and the access point', () => {
    const { pool, client } = bench();
    const user = memberOf(bench(), 'cms', 'alice');
    const [worker] = workers();
    if (!worker) throw new Error('no worker');
    for (const [how, settings] of Object.entries(INSECURE)) {
      const places = [pool.accessPoint, worker];
      const collector = places.map((place) =>
        withSettings(place, settings, 'condor_ping -type collector -table READ WRITE ADVERTISE_STARTD'),
      );
      const schedd = client.run(user, 'condor_ping -type schedd -table READ WRITE', settings);
      for (const { status, out } of [...collector, schedd]) {
        expect([how, permissionsIn(out).filter(({ allowed }) => allowed)]).toEqual([how, []]);
        expect([how, permissionsIn(out).length > 0, status]).toEqual([how, true, 1]);
      }
    }
    // The same commands without those settings succeed.
    expect(run(pool.accessPoint, 'condor_ping -type collector -quiet READ').status).toBe(0);
    expect(client.run(user, 'condor_ping -type schedd -quiet READ WRITE').status).toBe(0);
  });

  proves(
    'A5 a worker whose token was signed with another key, or may not advertise, does not get in',
    async () => {
      const { pool, secrets } = bench();
      const identity = `execute@${pool.domain}`;
      const both = ['ADVERTISE_STARTD', 'ADVERTISE_MASTER'];
      const known = idToken(secrets.signingKey, identity, both);
      const foreign = idToken(newKey('POOL'), identity, both);
      const limited = idToken(secrets.signingKey, identity, ['ADVERTISE_MASTER']);
      const before = registeredWorkers();
      const strangers = {
        known: startStrangeWorker('known', known),
        foreign: startStrangeWorker('foreign', foreign),
        limited: startStrangeWorker('limited', limited),
      };
      try {
        // The refusal is said by the daemon itself, so nothing is proven by waiting.
        await waitFor('the strange workers were refused', 90, () => [
          ...(registeredWorkers().includes(strangers.known.pod)
            ? []
            : ['the worker with a good token is missing']),
          ...[strangers.foreign, strangers.limited].flatMap((worker) =>
            refusals(worker) > 1 ? [] : [`${worker.pod} has not been refused yet`],
          ),
        ]);
        expect(registeredWorkers()).toEqual([...before, strangers.known.pod].sort());
      } finally {
        for (const { pod } of Object.values(strangers))
          mustKubectl(['delete', 'pod', pod, `--namespace=${EXECUTE_NAMESPACE}`, '--grace-period=1']);
      }
      await waitFor('the strange worker is gone', 90, () =>
        registeredWorkers().includes(strangers.known.pod) ? ['it is still in the pool'] : [],
      );
    },
  );
}

function refusals(worker: Place): number {
  const { out } = run(
    worker,
    `grep -cE 'DENIED|Failed to authenticate|AUTHENTICATE:1003' /var/log/condor/StartLog`,
  );
  return Number(out.trim() === '' ? 0 : out);
}
