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
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isBuilt } from '../build';
import { cacheFolder, RUN } from '../cache';
import { containerdConfig } from '../containerd';
import { runLogged, start, stop, until } from '../processes';
import { EXTRAS, type Extra } from '../versions';
import { archiveOf, hasPrograms, layerHash, linkInto, makeLayer } from './layers';
import { IMAGES, type Image } from './table';

const STORES = cacheFolder('stores');
const TYPE = 'application/vnd.oci.image';
const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export type Images = Readonly<Record<string, Image>>;

/** Images as they are put into a store: with the layers of these extras, and without those that have no layer then. */
export function imagesFor(extras: readonly Extra[]): Images {
  const images = Object.entries(IMAGES).map(([name, { extras: above = {}, ...image }]) => {
    const layers = [...image.layers, ...extras.flatMap((extra) => above[extra] ?? [])];
    return [name, { ...image, layers }] as const;
  });
  return Object.fromEntries(images.filter(([, { layers }]) => layers.length > 0));
}

const layersOf = (images: Images) => [...new Set(Object.values(images).flatMap((image) => image.layers))];

/** What an image is made from: another value when any of it changes. */
function imageHash(image: Image): string {
  const parts = [image, image.layers.map(layerHash)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

const hashesOf = (images: Images): Hashes =>
  Object.fromEntries(Object.entries(images).map(([name, image]) => [name, imageHash(image)]));

function isMade(extra: Extra): boolean {
  const layers = Object.values(IMAGES).flatMap(({ extras = {} }) => extras[extra] ?? []);
  return EXTRAS[extra].every(isBuilt) && layers.every((layer) => existsSync(archiveOf(layer)));
}

/** An extra that an earlier suite has asked for stays in, so that suites in turn do not make each other's store anew. */
function imagesToHold(asked: readonly Extra[]): Images {
  const extras = Object.keys(EXTRAS) as readonly Extra[];
  return imagesFor(extras.filter((extra) => asked.includes(extra) || isMade(extra)));
}

/** Puts the images into the store that need no program of ours: that can be done while those are built. */
export async function makePlainStore(asked: readonly Extra[], say: (text: string) => void): Promise<void> {
  const plain = Object.entries(imagesToHold(asked)).filter(([, { layers }]) => !layers.some(hasPrograms));
  await fill(Object.fromEntries(plain), say);
}

/** Makes the image store that the nodes start from, unless it is there. Gives its folder. */
export async function makeStore(asked: readonly Extra[], say: (text: string) => void): Promise<string> {
  return fill(imagesToHold(asked), say);
}

async function fill(images: Images, say: (text: string) => void): Promise<string> {
  for (const layer of layersOf(images)) await makeLayer(layer, say);
  const wanted = hashesOf(images);
  const hash = createHash('sha256').update(JSON.stringify(wanted)).digest('hex');
  const store = path.join(STORES, hash.slice(0, 12));
  if (existsSync(store)) return store;
  const half = `${store}.half`;
  const stores = readdirSync(STORES);
  const older = stores.find(isWhole);
  for (const each of stores)
    if (each !== older) rmSync(path.join(STORES, each), { recursive: true, force: true });
  if (older !== undefined) renameSync(path.join(STORES, older), half);
  const held = readHashes(half);
  const missing = Object.entries(images).filter(([name]) => held[name] !== wanted[name]);
  if (missing.length > 0) {
    say(`putting ${String(missing.length)} images into the store`);
    const archive = makeArchive(Object.fromEntries(missing));
    await importInto(half, archive);
    rmSync(archive);
  }
  writeFileSync(path.join(half, HASHES), JSON.stringify({ ...held, ...wanted }));
  renameSync(half, store);
  return store;
}

type Hashes = Readonly<Record<string, string>>;

/** Of the images in a store. */
const HASHES = 'images.json';

function readHashes(store: string): Hashes {
  const file = path.join(store, HASHES);
  return existsSync(file)
    ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')))
    : {};
}

/** A store gets this name when everything is in it. */
const isWhole = (name: string) => /^[0-9a-f]{12}$/.test(name);

/**
 * A node's own store: databases are copied, other files, which are never written, are linked, and so is what layers have
 * in them as a whole: overlays read it where it is.
 */
export function copyStore(store: string, target: string): void {
  mkdirSync(target, { mode: statSync(store).mode });
  for (const entry of readdirSync(store, { withFileTypes: true })) {
    const [from, to] = [path.join(store, entry.name), path.join(target, entry.name)];
    if (entry.isDirectory() && /\/snapshots\/\d+\/fs$/.test(from)) symlinkSync(from, to);
    else if (entry.isDirectory()) copyStore(from, to);
    else if (entry.name.endsWith('.db')) copyFileSync(from, to);
    else linkSync(from, to);
  }
}

/** One OCI archive of all images, so that layers that they share are in it once. */
function makeArchive(images: Images): string {
  const folder = path.join(STORES, 'archive.half');
  const blobs = path.join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, content: object) => {
    const text = JSON.stringify(content);
    const digest = createHash('sha256').update(text).digest('hex');
    writeFileSync(path.join(blobs, digest), text);
    return { mediaType: `${TYPE}.${mediaType}`, digest: `sha256:${digest}`, size: text.length };
  };
  const digests = new Map(
    layersOf(images).map((layer) => {
      const digest = execFileSync('sha256sum', [archiveOf(layer)], { encoding: 'utf8' }).slice(0, 64);
      linkInto(archiveOf(layer), path.join(blobs, digest));
      return [layer, `sha256:${digest}`];
    }),
  );
  const manifests = Object.entries(images).map(([name, image]) => {
    const parts = image.layers.map((layer) => ({
      mediaType: `${TYPE}.layer.v1.tar`,
      digest: digests.get(layer) ?? '',
      size: statSync(archiveOf(layer)).size,
    }));
    const config = put(
      'config.v1+json',
      imageConfig(
        image,
        parts.map(({ digest }) => digest),
      ),
    );
    const manifest = put('manifest.v1+json', { schemaVersion: 2, config, layers: parts });
    return { ...manifest, annotations: { 'io.containerd.image.name': name } };
  });
  writeFileSync(path.join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
  const archive = path.join(STORES, 'archive.tar');
  execFileSync('tar', ['--directory', folder, '--create', '--file', archive, '.']);
  rmSync(folder, { recursive: true });
  return archive;
}

function imageConfig(image: Image, diffs: readonly string[]): object {
  const { layers: _, extras: __, path: first = [], env = {}, ...rest } = image;
  const own = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const Env = [`PATH=${[...first, ...PATH].join(':')}`, 'LANG=C.UTF-8', ...own];
  return {
    architecture: 'amd64',
    os: 'linux',
    config: { ...rest, Env },
    rootfs: { type: 'layers', diff_ids: diffs },
  };
}

async function importInto(root: string, archive: string): Promise<void> {
  const folder = path.join(RUN, 'store');
  mkdirSync(folder, { recursive: true });
  const socket = path.join(folder, 'containerd.sock');
  const config = path.join(folder, 'containerd.toml');
  writeFileSync(config, containerdConfig({ root, state: path.join(folder, 'state'), socket, cni: folder }));
  const ctr = ['--address', socket, '--namespace', 'k8s.io'];
  start('/usr/bin/containerd', ['--config', config], process.env, { instance: 'store' });
  const program = 'containerd@store';
  await until('the image store answers', program, 30, () => existsSync(socket));
  try {
    await runLogged('images', '/usr/bin/ctr', [
      ...ctr,
      'images',
      'import',
      '--snapshotter',
      'overlayfs',
      archive,
    ]);
  } finally {
    await stop(program);
  }
}
