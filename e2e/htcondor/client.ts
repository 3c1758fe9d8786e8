import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../cluster/cache';
import { folderOf } from '../cluster/images/layers';
import type { Answer } from '../cluster/kubectl';

/** Somebody with a token of an issuer. */
export interface User {
  /** Folder of his files. */
  readonly name: string;
  readonly token: string;
}

export interface ClientProps {
  readonly name: string;
  /** Network namespace from which it reaches the NodePorts and nothing else. */
  readonly network: string;
  /** Host and port of the access point. */
  readonly accessPoint: string;
  /** Certificates of the authority that signed the access point's own. */
  readonly authority: string;
  /** Host name to address. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** Configuration of a machine that knows nothing of the pool but one address, and trusts one authority. */
const CONFIG = `SEC_CLIENT_AUTHENTICATION = REQUIRED
SEC_CLIENT_ENCRYPTION = REQUIRED
SEC_CLIENT_INTEGRITY = REQUIRED
SEC_CLIENT_AUTHENTICATION_METHODS = SCITOKENS
AUTH_SSL_CLIENT_CAFILE = /client/ca.crt
BOOTSTRAP_SSL_SERVER_TRUST = False
BOOTSTRAP_SSL_SERVER_TRUST_PROMPT_USER = False
`;

const LOOPBACK = '127.0.0.1';

/** Account `submituser` of the image; the tools ask who runs them. */
const ACCOUNT = 'submituser';

/**
 * A machine outside of the cluster with HTCondor's tools: those of the image, in a network namespace of their own.
 */
export class Client {
  private readonly folder: string;

  constructor(private readonly props: ClientProps) {
    this.folder = cacheFolder('run', 'clients', props.name);
    for (const each of ['upper/client', 'upper/home', 'work', 'root'])
      mkdirSync(path.join(this.folder, each), { recursive: true });
    const hosts = Object.entries({ localhost: LOOPBACK, [props.name]: LOOPBACK, ...props.hosts });
    this.put('client/hosts', hosts.map(([name, address]) => `${address} ${name}\n`).join(''));
    this.put('client/ca.crt', props.authority);
    this.put('client/condor.conf', `SCHEDD_HOST = ${props.accessPoint}\n${CONFIG}`);
  }

  private put(file: string, text: string): void {
    writeFileSync(path.join(this.folder, 'upper', file), text);
    chmodSync(path.join(this.folder, 'upper', file), 0o644);
  }

  /**
   * Runs a shell script as a user, in his folder.
   *
   * @param env settings of HTCondor for this run, by their names
   */
  run(user: User, script: string, env: Readonly<Record<string, string>> = {}): Answer {
    const root = path.join(this.folder, 'root');
    const layers = ['condor', 'base'].map(folderOf).join(':');
    const home = `/home/${user.name}`;
    const mounts = [
      `mount -t overlay overlay -o lowerdir=${layers},upperdir=${this.folder}/upper,workdir=${this.folder}/work ${root}`,
      `mount -t proc proc ${root}/proc`,
      `mount --rbind /dev ${root}/dev`,
      `mount --bind ${root}/client/hosts ${root}/etc/hosts`,
      `hostname ${this.props.name}`,
      `install -d -m 755 ${root}/home`,
      `chroot ${root} install -d -m 700 -o ${ACCOUNT} -g ${ACCOUNT} ${home}`,
      `exec chroot --userspec=${ACCOUNT}:${ACCOUNT} ${root} sh -euc 'cd "$HOME"; umask 077; printf %s "$TOKEN" > token; unset TOKEN; exec sh -eu'`,
    ];
    const settings: Record<string, string> = {};
    for (const [name, value] of Object.entries(env)) settings[`_condor_${name}`] = value;
    const { status, stdout, stderr, error } = spawnSync(
      'nsenter',
      [
        `--net=/run/netns/${this.props.network}`,
        ...['unshare', '--mount', '--uts', '--propagation', 'private'],
        ...['sh', '-euc', mounts.join('\n')],
      ],
      {
        encoding: 'utf8',
        input: script,
        maxBuffer: 2 ** 26,
        timeout: 120_000,
        env: {
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          HOME: home,
          TOKEN: user.token,
          BEARER_TOKEN_FILE: `${home}/token`,
          CONDOR_CONFIG: '/client/condor.conf',
          ...settings,
        },
      },
    );
    if (error) throw error;
    return { status: status ?? 1, out: stdout, err: stderr };
  }

  /** As {@link run}; an error is thrown with what was said. */
  must(user: User, script: string, env: Readonly<Record<string, string>> = {}): string {
    const { status, out, err } = this.run(user, script, env);
    if (status !== 0) throw new Error(`as ${user.name}: ${script}\n${out}${err}`);
    return out;
  }
}
