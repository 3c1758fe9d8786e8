import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runFolder } from '../cluster/cache';
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
  /** Folder with the client kit of the site, which is copied. */
  readonly kit: string;
  /** Host name to address. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** Where the kit is on the machine: nobody knows the place beforehand, and it has a space in it. */
export const KIT = '/client/kit of the site';

const LOOPBACK = '127.0.0.1';

/** Account `submituser` of the image; the tools ask who runs them. */
const ACCOUNT = 'submituser';

/**
 * A machine outside of the cluster with HTCondor's tools, in a network namespace of its own. It knows nothing of the pool
 * but what is in the client kit of the site.
 */
export class Client {
  private readonly folder: string;

  constructor(private readonly props: ClientProps) {
    this.folder = runFolder('clients', props.name);
    // A machine that nobody has used: the last suite's users and kit are gone.
    rmSync(this.folder, { recursive: true, force: true });
    for (const each of ['upper/client', 'upper/home', 'work', 'root'])
      mkdirSync(path.join(this.folder, each), { recursive: true });
    const hosts = Object.entries({ localhost: LOOPBACK, [props.name]: LOOPBACK, ...props.hosts });
    this.put('client/hosts', hosts.map(([name, address]) => `${address} ${name}\n`).join(''));
    cpSync(props.kit, path.join(this.folder, 'upper', KIT), { recursive: true });
  }

  /** A file of the kit. */
  kitFile(file: string): string {
    return readFileSync(path.join(this.folder, 'upper', KIT, file), 'utf8');
  }

  private put(file: string, text: string): void {
    writeFileSync(path.join(this.folder, 'upper', file), text);
    chmodSync(path.join(this.folder, 'upper', file), 0o644);
  }

  /**
   * Runs a shell script as a user, in his folder, in a shell that has the settings of the kit and his token.
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
      `exec chroot --userspec=${ACCOUNT}:${ACCOUNT} ${root} bash -euc 'cd "$HOME"; umask 077; exec bash -eu'`,
    ];
    const begin = [
      `source '${KIT}/env.sh'`,
      'printf %s "$TOKEN" > "$BEARER_TOKEN_FILE"',
      'unset TOKEN',
      ...Object.entries(env).map(([name, value]) => `export _condor_${name}='${value}'`),
    ];
    const { status, stdout, stderr, error } = spawnSync(
      'nsenter',
      [
        `--net=/run/netns/${this.props.network}`,
        ...['unshare', '--mount', '--uts', '--propagation', 'private'],
        ...['sh', '-euc', mounts.join('\n')],
      ],
      {
        encoding: 'utf8',
        input: `${begin.join('\n')}\n${script}`,
        maxBuffer: 2 ** 26,
        timeout: 120_000,
        env: {
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          HOME: home,
          TOKEN: user.token,
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
