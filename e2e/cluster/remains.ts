import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { RUN } from './cache';

/** First part of the names of network namespaces, interfaces and cgroups of ours: another cache is another machine. */
export const PREFIX = `af-${createHash('sha256').update(RUN).digest('hex').slice(0, 4)}-`;

const CGROUPS = '/sys/fs/cgroup';

/**
 * Clears what outlives the programs of real nodes: containers, mounts, network namespaces with their interfaces and
 * rules, cgroups and the folders of the nodes. Without real nodes there is nothing to do.
 */
export function clearRemains(): void {
  endContainers();
  for (const target of mountsBelow(RUN)) run('umount', ['--lazy', target]);
  for (const name of namespaces()) run('ip', ['netns', 'delete', name]);
  for (const folder of cgroups()) run('find', [folder, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+']);
  if (mountsBelow(RUN).length > 0) throw new Error(`still mounted:\n${mountsBelow(RUN).join('\n')}`);
  for (const entry of existsSync(RUN) ? readdirSync(RUN) : []) {
    if (/^(?:n\d+|store|volumes)$/.test(entry)) run('rm', ['-rf', path.join(RUN, entry)]);
  }
}

/** Containers outlive the runtime: each has a shim whose command line names the socket of its containerd. */
function endContainers(): void {
  const mine = shims();
  for (const pid of [...children(mine), ...mine]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  while (mine.some(isAlive)) run('sleep', ['0.05']);
}

function shims(): readonly number[] {
  return pids().filter((pid) => {
    const words = wordsOf(pid);
    return (
      path.basename(words[0] ?? '').startsWith('containerd-shim') &&
      words.some((word) => word.startsWith(`${RUN}/`))
    );
  });
}

function children(parents: readonly number[]): readonly number[] {
  return pids().filter((pid) => parents.includes(Number(/^PPid:\s*(\d+)$/m.exec(read(pid, 'status'))?.[1])));
}

const pids = () => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
const wordsOf = (pid: number) => read(pid, 'cmdline').split('\0');
const isAlive = (pid: number) => /^State:\s*[^ZX\s]/m.test(read(pid, 'status'));

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Innermost first. */
function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((target) => target.startsWith(`${folder}/`))
    .sort()
    .reverse();
}

const namespaces = () => list('/run/netns').filter((name) => name.startsWith(PREFIX));

function cgroups(): readonly string[] {
  const groups = [CGROUPS, ...list(CGROUPS).map((name) => path.join(CGROUPS, name))];
  return groups.flatMap((folder) =>
    list(folder).flatMap((name) => (name.startsWith(PREFIX) ? [path.join(folder, name)] : [])),
  );
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What is not there any more is no error: everything is looked at again before a run starts. */
function run(command: string, args: readonly string[]): void {
  spawnSync(command, args, { stdio: 'ignore' });
}
