import { isFields } from '../kubernetes/read';

/** Keys and places in lists, from the object on. */
export type Steps = readonly (string | number)[];

/** A value that differs between two states of an object; `undefined` is one that is not there. */
export interface Change {
  readonly path: Steps;
  readonly before: unknown;
  readonly after: unknown;
  /** Why it cannot be, where the fields alone do not say it. */
  readonly because?: string;
}

/** What differs, as deep as both states have the same shape: a list with another length is one change. */
export function changesBetween(before: unknown, after: unknown, path: Steps = []): readonly Change[] {
  if (isFields(before) && isFields(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item: unknown, index) => changesBetween(item, after[index], [...path, index]));
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** Whether a path is at a field or below it. */
export function isWithin(path: Steps, field: string): boolean {
  return field.split('.').every((key, index) => path[index] === key);
}

/** `spec.volumeClaimTemplates[0].spec from 1 to 2`, as people read it. */
export function sayChange({ path, before, after, because }: Change): string {
  const where = path.map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${step}`)).join('');
  const reason = because === undefined ? '' : `, ${because}`;
  return `${where.slice(1)} from ${sayValue(before)} to ${sayValue(after)}${reason}`;
}

function sayValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
