import { isAlias, isNode, isScalar, visit } from 'yaml';
import type { Alias, Node, Pair } from 'yaml';
import { isFields } from '../kubernetes/read';
import { valueText, type Fix, type Found } from './problem';
import { removeLines, replaceText } from './text-fix';
import type { YamlSource } from './yaml-source';

/** Anchors make a line mean something that stands elsewhere: a reviewer would have to look twice. */
export function references(source: YamlSource): Found[] {
  const found: Found[] = [];
  const merged = new Set<unknown>();
  visit(source.document, {
    Pair(_, pair) {
      if (!isMerge(pair)) return;
      merged.add(pair.value);
      found.push(mergeKey(source, pair));
    },
    Node(_, node) {
      if (isAlias(node)) {
        if (!merged.has(node)) found.push(alias(source, node));
        return;
      }
      if (node.anchor !== undefined) found.push(anchor(source, node, node.anchor));
      if (node.tag !== undefined) found.push(tag(source, node, node.tag));
    },
  });
  return [...found, ...directives(source)];
}

function found(source: YamlSource, at: number, expected: string, got: string, fix: Fix): Found {
  return { rule: 'AF-SITE-05', path: [], ...source.position(at), expected, got, fix };
}

function alias(source: YamlSource, node: Alias): Found {
  const [start, end] = [startOf(node), node.range?.[1] ?? startOf(node)];
  const target = node.resolve(source.document);
  const value = isNode(target) ? plainText(source, target) : undefined;
  const got = `the alias *${node.source}`;
  if (value !== undefined)
    return found(source, start, 'the value itself', got, replaceText(source, start, end, value));
  const quoted = `"${source.text.slice(start, end)}"`;
  return found(
    source,
    start,
    'quotes around text that begins with *',
    got,
    replaceText(source, start, end, quoted),
  );
}

function anchor(source: YamlSource, node: Node, name: string): Found {
  const mark = `&${name}`;
  const at = source.text.lastIndexOf(mark, startOf(node));
  const space = /^ ?/.exec(source.text.slice(at + mark.length))?.[0].length ?? 0;
  const fix = replaceText(source, at, at + mark.length + space, '');
  return found(source, at, 'values without anchors', `the anchor ${mark}`, fix);
}

const NO_TEXT = ['int', 'float', 'bool', 'null'].map((name) => `tag:yaml.org,2002:${name}`);

/** Text with a tag stays text, so it needs quotes; a number with a tag must lose them. */
function tag(source: YamlSource, node: Node, name: string): Found {
  const start = startOf(node);
  const before = /!\S*\s*(?:&\S+\s*)?$/.exec(source.text.slice(0, start));
  const at = before?.index ?? start;
  const end = node.range?.[1] ?? start;
  const plain = isScalar(node) && node.type === 'PLAIN' && name === 'tag:yaml.org,2002:str';
  const value = source.text.slice(start, end);
  const bare = isScalar(node) && NO_TEXT.includes(name) && node.source !== undefined;
  const fix = replaceText(
    source,
    at,
    end,
    plain ? JSON.stringify(value) : bare ? (node.source ?? value) : value,
  );
  const got = `the tag ${/^!\S*/.exec(source.text.slice(at))?.[0] ?? name}`;
  return found(source, at, plain ? 'quotes instead of a tag' : 'values without tags', got, fix);
}

function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<';
}

function mergeKey(source: YamlSource, { key, value }: Pair): Found {
  const start = isNode(key) ? startOf(key) : 0;
  const end = isNode(value) ? (value.range?.[1] ?? start) : start;
  const target = isAlias(value) ? value.resolve(source.document) : value;
  const merged: unknown = isNode(target) ? toJs(source, target) : undefined;
  const beginning = source.text.slice(source.text.lastIndexOf('\n', start) + 1, start);
  const separator = /[{,]\s*$/.test(beginning) ? ', ' : `\n${beginning.replace(/\S/g, ' ')}`;
  const lines = Object.entries(isFields(merged) ? merged : {}).map(
    ([name, item]) => `${name}: ${valueText(item)}`,
  );
  const fix =
    lines.length === 0
      ? removeLines(source, start, end)
      : replaceText(source, start, end, lines.join(separator));
  return found(source, start, 'the keys themselves', 'the merge key <<', fix);
}

function plainText(source: YamlSource, node: Node): string {
  return valueText(toJs(source, node));
}

/** Aliases in aliases would make ever more of little text. */
function toJs(source: YamlSource, node: Node): unknown {
  try {
    return node.toJS(source.document, { maxAliasCount: 10 });
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function directives(source: YamlSource): Found[] {
  const lines = source.text.split('\n');
  const content = lines.findIndex((text) => /^[^\s#%]/.test(text));
  return lines.slice(0, content < 0 ? undefined : content).flatMap((text, index): Found[] => {
    if (!text.startsWith('%')) return [];
    const fix: Fix = { kind: 'line', line: index + 1, text: undefined };
    return [
      {
        rule: 'AF-SITE-05',
        path: [],
        line: index + 1,
        column: 1,
        expected: 'no YAML directives',
        got: text,
        fix,
      },
    ];
  });
}
