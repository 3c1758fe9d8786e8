import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { BIN, cacheFolder } from '../cache';
import { runLogged } from '../processes';
import { PACKAGES } from '../versions';
import { LAYERS } from './table';

const LAYERS_FOLDER = cacheFolder('layers');
/** The certificates that this machine trusts, where its registries may need them. */
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';
/** Settings of this machine that its registries may need. */
const PASSED = /^(?:https?_proxy|no_proxy|pip_index_url|npm_config_registry)$/i;

/** Archive of a layer; its folder of the same name without the ending is a lower layer of others. */
export const archiveOf = (name: string) => `${folderOf(name)}.tar`;

export const folderOf = (name: string) => path.join(LAYERS_FOLDER, `${name}-${layerHash(name)}`);

/** What a layer is made from, layers below included: another name when any of it changes. */
export function layerHash(name: string): string {
  const layer = LAYERS[name];
  if (!layer) throw new Error(`no layer is called ${name}`);
  const hash = createHash('sha256').update(JSON.stringify([name, layer, PACKAGES.debian]));
  for (const below of layer.on) hash.update(layerHash(below));
  for (const text of Object.values(layer.files ?? {})) hash.update(text());
  for (const program of layer.programs ?? []) hash.update(readFileSync(path.join(BIN, program)));
  return hash.digest('hex').slice(0, 12);
}

/** Whether a layer has programs of ours, or one below it. */
export function hasPrograms(name: string): boolean {
  const { on = [], programs = [] } = LAYERS[name] ?? {};
  return programs.length > 0 || on.some(hasPrograms);
}

/** Makes a layer and those below it, unless they are there. */
export async function makeLayer(name: string, say: (text: string) => void): Promise<void> {
  const layer = LAYERS[name];
  if (!layer || existsSync(archiveOf(name))) return;
  for (const below of layer.on) await makeLayer(below, say);
  say(`making the layer ${name}`);
  const folder = folderOf(name);
  for (const old of readdirSync(LAYERS_FOLDER)) {
    if (/^(.+)-[0-9a-f]{12}/.exec(old)?.[1] === name)
      rmSync(path.join(LAYERS_FOLDER, old), { recursive: true, force: true });
  }
  mkdirSync(folder);
  if (name === 'base') await debian(folder);
  for (const [file, text] of Object.entries(layer.files ?? {})) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), text());
  }
  if (layer.script !== undefined) await inChroot(name, folder, layer.on.map(folderOf), layer.script);
  for (const program of layer.programs ?? [])
    copyFileSync(path.join(BIN, program), path.join(folder, program));
  if (layer.npm) await npm(name, folder, layer.npm);
  pack(folder, archiveOf(name));
}

/** The mirror that this machine takes its own packages from. */
function mirror(): string {
  const query = ['indextargets', '--format', '$(REPO_URI)', 'Origin: Debian', 'Label: Debian'];
  const [first = ''] = execFileSync('apt-get', query, { encoding: 'utf8' }).split('\n');
  if (first === '') throw new Error('apt-get knows no mirror of Debian: apt-get update');
  return first;
}

async function debian(folder: string): Promise<void> {
  await runLogged('layer-base', 'debootstrap', ['--variant=minbase', PACKAGES.debian, folder, mirror()]);
  // No daemon of a package starts in the chroot, and no layer carries manuals.
  writeFileSync(path.join(folder, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const unwanted = ['doc', 'man', 'locale', 'info'].map((name) => `/usr/share/${name}`);
  writeFileSync(
    path.join(folder, 'etc/dpkg/dpkg.cfg.d/slim'),
    unwanted.map((name) => `path-exclude=${name}/*\n`).join(''),
  );
  for (const each of [...unwanted, '/var/cache/apt/archives', '/var/lib/apt/lists'])
    rmSync(path.join(folder, each), { recursive: true, force: true });
  mkdirSync(path.join(folder, 'var/cache/apt/archives/partial'), { recursive: true });
}

/**
 * Runs a script over the layers below; what it changes is left in the folder. The mounts are those of one process, so
 * that nothing of them is left, however it ends.
 */
async function inChroot(
  name: string,
  upper: string,
  below: readonly string[],
  script: string,
): Promise<void> {
  const [work, root] = [`${upper}.work`, `${upper}.root`];
  for (const each of [work, root]) mkdirSync(each, { recursive: true });
  const inside = (file: string) => path.join(upper, file);
  const lower = [...below].reverse().join(':');
  const mounts = [
    `mount -t overlay overlay -o lowerdir=${lower},upperdir=${upper},workdir=${work} ${root}`,
    `mount -t proc proc ${root}/proc`,
    `mount --rbind /dev ${root}/dev`,
    `cp /etc/resolv.conf ${root}/etc/resolv.conf`,
    `cp ${TRUSTED} ${root}/trusted.crt`,
    `exec chroot ${root} /bin/sh /build.sh`,
  ];
  writeFileSync(inside('build.sh'), `set -eu\n${script}\n`);
  const passed = Object.entries(process.env).filter(([key]) => PASSED.test(key));
  await runLogged(
    `layer-${name}`,
    'unshare',
    ['--mount', '--propagation', 'private', '/bin/sh', '-euc', mounts.join('\n')],
    {
      ...Object.fromEntries(passed),
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      LC_ALL: 'C.UTF-8',
      DEBIAN_FRONTEND: 'noninteractive',
      PIP_CERT: '/trusted.crt',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
    },
  );
  for (const each of ['build.sh', 'trusted.crt', 'etc/resolv.conf', 'var/lib/apt/lists', 'var/cache/apt'])
    rmSync(inside(each), { recursive: true, force: true });
  for (const each of [work, root]) rmSync(each, { recursive: true });
}

async function npm(name: string, folder: string, packages: Readonly<Record<string, string>>): Promise<void> {
  const prefix = path.join(folder, 'usr/local');
  mkdirSync(prefix, { recursive: true });
  const wanted = Object.entries(packages).map(([each, version]) => `${each}@${version}`);
  await runLogged(`layer-${name}`, 'npm', [
    'install',
    '--global',
    '--no-audit',
    '--no-fund',
    '--prefix',
    prefix,
    ...wanted,
  ]);
}

/** Overlayfs marks what a layer deletes by a device 0:0, an image by an empty file `.wh.NAME`. */
function pack(folder: string, archive: string): void {
  const deleted = execFileSync('find', [folder, '-type', 'c'], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
  const marks = deleted.map((file) => path.join(path.dirname(file), `.wh.${path.basename(file)}`));
  for (const mark of marks) writeFileSync(mark, '');
  const without = `${archive}.without`;
  writeFileSync(without, deleted.map((file) => `./${path.relative(folder, file)}\n`).join(''));
  execFileSync('tar', [
    '--directory',
    folder,
    '--numeric-owner',
    '--exclude-from',
    without,
    '--create',
    '--file',
    `${archive}.half`,
    '.',
  ]);
  for (const mark of [...marks, without]) rmSync(mark);
  renameSync(`${archive}.half`, archive);
}

/** A second name for a file, in another folder of the cache. */
export function linkInto(file: string, target: string): void {
  if (!existsSync(target)) linkSync(file, target);
}
