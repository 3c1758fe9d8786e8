import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Files } from '../dist/render';
import { impactOf, type Impact } from '../impact/impact';
import { readObject } from './read-object';

/** Where the reader finds what to do. */
const GUIDE = 'docs/admin/change-a-site.md#what-the-api-server-refuses';

/** What the changed files of a folder of dist will do in the cluster, a line each; what is impossible comes first. */
export function impactLines(folder: string, files: Files, changed: readonly string[]): string[] {
  const all = changed.flatMap((file) =>
    impactOf(readObject(readFileSync(path.join(folder, file), 'utf8')), readObject(files.get(file) ?? '')),
  );
  return [...all.filter(isRefused), ...all.filter((impact) => !isRefused(impact))].map(line);
}

/** The changes that the API server will not take. */
export function refusedLines(folder: string, files: Files, changed: readonly string[]): string[] {
  return impactLines(folder, files, changed).filter((each) => each.startsWith('refused'));
}

const isRefused = ({ what }: Impact) => what === 'refused';

function line(impact: Impact): string {
  return `${impact.what.padEnd(8)} ${impact.text}${isRefused(impact) ? ` (${GUIDE})` : ''}`;
}
