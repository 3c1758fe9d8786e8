import { complaints, type Complaint } from './complaints';
import { lineRepairs, type LineRepair } from './line-repairs';
import type { YamlSource } from './yaml-source';

/** More places with complaints than these are more than one line that is misread. */
const MOST = 10;

/**
 * The repair of a line that is YAML, but says something else than it looks like: `name: b` without the dash that begins an entry,
 * `name:b` in braces, a key one level too deep. It takes complaints of the schema away, and brings none.
 */
export function misread(source: YamlSource): LineRepair | undefined {
  const before = complaints(source);
  const places = [...new Set(before.flatMap((complaint) => complaint.lines))].slice(0, MOST);
  const lines = source.text.split('\n');
  let [best, least]: [LineRepair | undefined, number] = [undefined, before.length];
  for (const repair of places.flatMap((line) => lineRepairs(lines, line))) {
    if (repair.text === undefined || repair.loss === true) continue;
    const repaired = source.withLine(repair.line, repair.text);
    const after = repaired.firstError() ? undefined : complaints(repaired);
    if (!after || after.length >= least || !isPart(after, before)) continue;
    [best, least] = [repair, after.length];
    if (least === 0) break;
  }
  return best;
}

function isPart(some: readonly Complaint[], all: readonly Complaint[]): boolean {
  const left = all.map(({ what }) => what);
  return some.every(({ what }) => {
    const at = left.indexOf(what);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
