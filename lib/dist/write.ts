import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Files } from './render';

/** How the files of a folder differ from what they should be; paths below that folder, sorted. */
export interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Compares without touching anything. */
export function compare(folder: string, files: Files): Difference {
  const present = new Set(listFiles(folder));
  const wanted = [...files.keys()].sort();
  return {
    added: wanted.filter((file) => !present.has(file)),
    changed: wanted.filter(
      (file) => present.has(file) && readFileSync(path.join(folder, file), 'utf8') !== files.get(file),
    ),
    removed: [...present].filter((file) => !files.has(file)).sort(),
  };
}

/** Makes a folder hold exactly these files; what is equal already is left alone, and so keeps its time. */
export function write(folder: string, files: Files): Difference {
  const difference = compare(folder, files);
  for (const file of difference.removed) rmSync(path.join(folder, file));
  for (const file of [...difference.added, ...difference.changed])
    writeWhole(path.join(folder, file), files.get(file) ?? '');
  removeEmptyFolders(folder);
  return difference;
}

/** Folders of a dist whose site is gone. */
export function foldersWithoutSite(dist: string, sites: readonly string[]): string[] {
  if (!existsSync(dist)) return [];
  return readdirSync(dist, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !sites.includes(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Removes the folders of sites that are gone. */
export function removeFolders(parent: string, names: readonly string[]): void {
  for (const name of names) rmSync(path.join(parent, name), { recursive: true });
}

/** A crash leaves the old file or the new one, never half of either: a rename is one step to the file system. */
export function writeWhole(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const half = `${file}.half`;
  writeFileSync(half, content);
  renameSync(half, file);
}

/** Files below a folder, without following links; none where there is no folder. */
export function listFiles(folder: string, below = ''): string[] {
  if (!existsSync(path.join(folder, below))) return [];
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    return entry.isDirectory() ? listFiles(folder, name) : [name];
  });
}

function removeEmptyFolders(folder: string): void {
  if (!existsSync(folder) || !lstatSync(folder).isDirectory()) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(path.join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
