import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const SEARCHED = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/lib/cni'];

/** Debian packages that a suite can ask for, each with a program of it. */
const PROGRAMS = {
  containerd: 'containerd',
  runc: 'runc',
  'containernetworking-plugins': 'host-local',
  debootstrap: 'debootstrap',
  iproute2: 'ip',
  iptables: 'iptables',
  nftables: 'nft',
  openssl: 'openssl',
  procps: 'sysctl',
  'util-linux': 'nsenter',
} as const;

export type Package = keyof typeof PROGRAMS;

/** What real nodes need of a Debian machine. */
export const NODE_PACKAGES = Object.keys(PROGRAMS) as readonly Package[];

/**
 * Installs what is missing.
 *
 * @throws Error that names the packages, where that is not possible
 */
export function needPackages(packages: readonly Package[], say: (text: string) => void): void {
  const missing = packages.filter(
    (name) => !SEARCHED.some((folder) => existsSync(path.join(folder, PROGRAMS[name]))),
  );
  if (missing.length === 0) return;
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(`missing on this machine, to be installed by root: ${install.join(' ')}`);
  say(`installing ${missing.join(', ')}`);
  execFileSync('apt-get', ['update'], { stdio: 'ignore' });
  execFileSync('apt-get', install.slice(1), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** @throws Error where this process is not root: namespaces, mounts and cgroups need it */
export function needRoot(): void {
  if (process.getuid?.() !== 0)
    throw new Error('real nodes need root: network namespaces, mounts and cgroups are made');
}
