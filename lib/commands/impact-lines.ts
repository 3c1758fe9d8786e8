import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Files } from '../dist/render';
import { impactOf, type Impact } from '../impact/impact';
import { readObject } from './read-object';

/** Where the reader finds what to do. */
const GUIDE = 'docs/admin/change-a-site.md#what-the-api-server-refuses';

/** What the changed files of a folder of dist will do in the cluster. */
function impactsOf(folder: string, files: Files, changed: readonly string[]): readonly Impact[] {
  return changed.flatMap((file) =>
    impactOf(readObject(readFileSync(path.join(folder, file), 'utf8')), readObject(files.get(file) ?? '')),
  );
}

/** The changes that the API server will not take, a line each. */
export function refusedLines(folder: string, files: Files, changed: readonly string[]): string[] {
  return impactsOf(folder, files, changed).flatMap(({ what, text }) =>
    what === 'refused' ? [`refused  ${text} (${GUIDE})`] : [],
  );
}

/** What restarts, a line each. */
export function restartLines(folder: string, files: Files, changed: readonly string[]): string[] {
  return impactsOf(folder, files, changed).flatMap(({ what, text }) =>
    what === 'restarts' ? [`restarts ${text}`] : [],
  );
}
