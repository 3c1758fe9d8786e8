import YAML, { YAMLMap, YAMLSeq, isCollection, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Document } from 'yaml';
import type { Fix, Path } from './problem';
import { entryOf, keyOf } from './yaml-source';

type LineFix = Extract<Fix, { kind: 'line' | 'cut' | 'untab' | 'encode' | 'files' }>;

/** A change of what the file says, and not of its text. */
export type ValueFix = Exclude<Fix, LineFix>;

export function isValueFix(fix: Fix): fix is ValueFix {
  return !['line', 'cut', 'untab', 'encode', 'files'].includes(fix.kind);
}

/** Does to the text of a site file what a printed fix says. */
export function applyFix(text: string, fix: Fix): string {
  if (!isValueFix(fix)) return applyToLines(text, fix);
  const document = YAML.parseDocument(text, { uniqueKeys: false });
  applyToDocument(document, fix);
  return document.toString({ lineWidth: 0 });
}

function applyToLines(text: string, fix: LineFix): string {
  const lines = text.split('\n');
  switch (fix.kind) {
    case 'line':
      lines.splice(
        fix.line - 1,
        (fix.until ?? fix.line) - fix.line + 1,
        ...(fix.text === undefined ? [] : [fix.text]),
      );
      return lines.join('\n');
    case 'cut':
      return `${lines.slice(0, fix.from - 1).join('\n')}\n`;
    case 'untab':
      return text.replaceAll('\t', '  ');
    case 'encode':
    case 'files':
      return text;
  }
}

/** Does to the values of a file what a fix says. */
export function applyToDocument(document: Document, fix: ValueFix): void {
  const parent = fix.path.slice(0, -1);
  const last = fix.path.at(-1);
  if (last === undefined) return;
  switch (fix.kind) {
    case 'set':
    case 'add':
      setEntry(document, collectionAt(document, parent, true), last, fix.value);
      return;
    case 'rename': {
      const map = collectionAt(document, parent, false);
      const pair = isMap(map) ? entryOf(map, last) : undefined;
      if (isScalar(pair?.key)) pair.key.value = fix.to;
      return;
    }
    case 'move': {
      const map = collectionAt(document, parent, false);
      const pair = isMap(map) ? entryOf(map, last) : undefined;
      const target = collectionAt(document, fix.to, true);
      removeEntry(map, last);
      if (pair && isMap(target)) target.items.push(pair);
      return;
    }
    case 'remove':
      removeEntry(collectionAt(document, parent, false), last);
  }
}

function setEntry(document: Document, holder: unknown, key: string | number, value: unknown): void {
  const node = document.createNode(value);
  if (isSeq(holder) && typeof key === 'number') holder.items[key] = node;
  if (!isMap(holder)) return;
  const pair = entryOf(holder, key);
  if (pair) pair.value = node;
  else holder.items.push(document.createPair(key, value));
}

function removeEntry(holder: unknown, key: string | number): void {
  if (isMap(holder)) holder.items = holder.items.filter((pair) => keyOf(pair) !== String(key));
  else if (isSeq(holder) && typeof key === 'number') holder.items.splice(key, 1);
}

/** The mapping or list at a path; `create` makes what is missing on the way, in place of what is not a collection. */
function collectionAt(document: Document, path: Path, create: boolean): unknown {
  let holder: unknown = document.contents;
  if (!isCollection(holder)) {
    if (!create) return undefined;
    const top = new YAMLMap(document.schema);
    document.contents = top;
    holder = top;
  }
  path.forEach((step, index) => {
    const next = childOf(holder, step);
    if (isCollection(next) || !create) {
      holder = next;
      return;
    }
    const made =
      typeof path[index + 1] === 'number' ? new YAMLSeq(document.schema) : new YAMLMap(document.schema);
    if (isMap(holder)) {
      const pair = entryOf(holder, step);
      if (pair) pair.value = made;
      else holder.items.push(document.createPair(step, made));
    } else if (isSeq(holder) && typeof step === 'number') holder.items[step] = made;
    holder = made;
  });
  return holder;
}

function childOf(holder: unknown, step: string | number): unknown {
  if (isMap(holder)) return entryOf(holder, step)?.value;
  const item = isSeq(holder) && typeof step === 'number' ? holder.items[step] : undefined;
  return isPair(item) ? undefined : item;
}
