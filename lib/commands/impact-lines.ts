import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Files } from '../dist/render';
import type { Difference } from '../dist/write';
import { impactOf, type Impact } from '../impact/impact';
import { readObject } from './read-object';

/** Where the reader finds what to do. */
const GUIDE = 'docs/admin/change-a-site.md#what-the-api-server-refuses';

/**
 * What a change of a folder of dist will do in the cluster. Before Argo CD changes anything it asks the API server for every change of what is
 * there; then it makes what is new, and deletes last.
 */
function impactsOf(folder: string, files: Files, { added, changed, removed }: Difference): readonly Impact[] {
  const before = (file: string) => readObject(readFileSync(path.join(folder, file), 'utf8'));
  const after = (file: string) => readObject(files.get(file) ?? '');
  const changing = changed.map((file) => ({ before: before(file) ?? null, after: after(file) }));
  const leaving = removed.map(before);
  const others = [...changing.map((each) => each.before), ...leaving];
  return [
    ...added.flatMap((file) => impactOf(undefined, after(file), leaving)),
    ...changing.flatMap((each) => impactOf(each.before, each.after, others)),
  ];
}

/** The changes that the API server will not take, a line each. */
export function refusedLines(folder: string, files: Files, difference: Difference): string[] {
  return impactsOf(folder, files, difference).flatMap(({ what, text }) =>
    what === 'refused' ? [`refused  ${text} (${GUIDE})`] : [],
  );
}

/** What restarts, a line each. */
export function restartLines(folder: string, files: Files, difference: Difference): string[] {
  return impactsOf(folder, files, difference).flatMap(({ what, text }) =>
    what === 'restarts' ? [`restarts ${text}`] : [],
  );
}
