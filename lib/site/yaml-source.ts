import YAML, { LineCounter, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Document, Node, Pair, YAMLError, YAMLMap } from 'yaml';
import type { Path } from './problem';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Complaints that are said in other words elsewhere. */
const ELSEWHERE: readonly YAMLError['code'][] = ['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE'];

/** A file as YAML that remembers where everything stands. */
export class YamlSource {
  private constructor(
    readonly text: string,
    readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  static parse(text: string): YamlSource {
    const lineCounter = new LineCounter();
    const options = { version: '1.2', lineCounter, prettyErrors: false, merge: false } as const;
    return new YamlSource(text, YAML.parseDocument(text, options), lineCounter);
  }

  /** The same file after changes to its values; what was not changed keeps its place. */
  edited(change: (document: Document) => void): YamlSource {
    const document = this.document.clone();
    change(document);
    return new YamlSource(this.text, document, this.lines);
  }

  /** The file with another text in a line, counted from 1. */
  withLine(line: number, text: string): YamlSource {
    return YamlSource.parse(
      this.text
        .split('\n')
        .with(line - 1, text)
        .join('\n'),
    );
  }

  /** The first place where the file is no YAML. */
  firstError(): YAMLError | undefined {
    const all = [...this.document.errors, ...this.document.warnings];
    return all.filter(({ code }) => !ELSEWHERE.includes(code)).sort((a, b) => a.pos[0] - b.pos[0])[0];
  }

  position(offset: number): Position {
    const { line, col } = this.lines.linePos(Math.min(offset, this.text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** Where a value stands; for one that is not there, the nearest thing around it that is. */
  locate(path: Path, what: 'key' | 'value' = 'value'): Position {
    const pair = this.pair(path);
    const value = this.node(path);
    const empty = isScalar(value) && value.value === null && (value.source ?? '') === '';
    const found = what === 'value' && value && !empty ? value : (pair?.key ?? value);
    if (isNode(found) && found.range) return this.position(found.range[0]);
    return path.length === 0 ? { line: 1, column: 1 } : this.locate(path.slice(0, -1), 'key');
  }

  /** The node at a path. */
  node(path: Path): Node | undefined {
    let node: unknown = this.document.contents;
    for (const step of path) {
      if (isMap(node)) node = entryOf(node, step)?.value;
      else if (isSeq(node) && typeof step === 'number') node = node.items[step];
      else return undefined;
    }
    return isNode(node) && !isAlias(node) ? node : undefined;
  }

  /** The keys of the top mapping whose entries some lines are part of. */
  topKeysOf(lines: ReadonlySet<number>): string[] {
    const { contents } = this.document;
    const entries = isMap(contents) ? contents.items : [];
    const starts = entries.map(({ key }) =>
      isNode(key) && key.range ? this.position(key.range[0]).line : 1,
    );
    const isIn = (line: number, index: number) =>
      line >= (starts[index] ?? 1) && line < (starts[index + 1] ?? Infinity);
    return entries.filter((_, index) => [...lines].some((line) => isIn(line, index))).map(keyOf);
  }

  private pair(path: Path): Pair | undefined {
    const last = path.at(-1);
    const parent = this.node(path.slice(0, -1));
    return isMap(parent) && last !== undefined ? entryOf(parent, last) : undefined;
  }

  /** The text of a plain or quoted value as it stands in the file, without its quotes. */
  scalarText(path: Path): { readonly text: string; readonly quoted: boolean } | undefined {
    const node = this.node(path);
    if (!isScalar(node)) return undefined;
    return { text: node.source ?? '', quoted: node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' };
  }
}

/** The entry of a key, whether it is written as text or as a number. */
export function entryOf(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === String(key));
}

/** The name of a key, as the data have it. */
export function keyOf({ key }: Pair): string {
  const value = isScalar(key) ? key.value : undefined;
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value ?? key);
}
