import { isMap, isNode, isPair, isScalar, visit } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { Found, Path } from './problem';
import { removeLines, replaceText } from './text-fix';
import { keyOf, type YamlSource } from './yaml-source';

/** Keys that no mapping of a site can have, whatever it is about. */
export function keyProblems(source: YamlSource): Found[] {
  const found: Found[] = [];
  visit(source.document, {
    Map(_, map, ancestors) {
      map.items.forEach((pair, index) => {
        const twice = map.items.slice(0, index).some((earlier) => keyOf(earlier) === keyOf(pair));
        if (!isScalar(pair.key)) found.push(noKey(source, map, pair, 'a list or mapping before the colon'));
        else if (pair.key.value === null) found.push(noKey(source, map, pair, 'nothing before the colon'));
        else if (twice) found.push(repeatedKey(source, map, pair));
        else if (pair.key.value === '__proto__')
          found.push(prototypeKey(source, pair, pathOf([...ancestors, map])));
      });
    },
  });
  return found;
}

function noKey(source: YamlSource, map: YAMLMap, pair: Pair, got: string): Found {
  const { start, fix } = without(source, map, pair);
  return {
    rule: 'AF-SITE-03',
    path: [],
    ...source.position(start),
    expected: 'a name before the colon',
    got,
    fix,
  };
}

function repeatedKey(source: YamlSource, map: YAMLMap, pair: Pair): Found {
  const { start, fix } = without(source, map, pair);
  const first = map.items.find((other) => keyOf(other) === keyOf(pair))?.key;
  const line = isNode(first) && first.range ? source.position(first.range[0]).line : 0;
  const expected = `each key once in a mapping; it is in line ${String(line)} already`;
  const got = `the key ${JSON.stringify(keyOf(pair))} a second time`;
  return { rule: 'AF-SITE-04', path: [], ...source.position(start), expected, got, fix };
}

/** JavaScript gives this key a meaning, and libraries leave it out without a word. */
function prototypeKey(source: YamlSource, { key }: Pair, parent: Path): Found {
  const path = [...parent, '__proto__'];
  const start = isNode(key) ? (key.range?.[0] ?? 0) : 0;
  const fix = { kind: 'remove', path } as const;
  return {
    rule: 'AF-SITE-06',
    path,
    ...source.position(start),
    expected: 'another key',
    got: '"__proto__"',
    fix,
  };
}

/** Where an entry begins, and the text without it. */
function without(source: YamlSource, map: YAMLMap, { key, value }: Pair) {
  const [from, to] = [rangeOf(key), rangeOf(value)];
  const start = from?.[0] ?? to?.[0] ?? rangeOf(map)?.[0] ?? 0;
  const end = to?.[1] ?? from?.[1] ?? start;
  if (map.flow !== true) return { start, fix: removeLines(source, start, end) };
  const comma = source.text.slice(0, start).search(/[,\s]*$/);
  return { start, fix: replaceText(source, source.text.charAt(comma) === ',' ? comma : start, end, '') };
}

function rangeOf(node: unknown): Node['range'] {
  return isNode(node) ? node.range : undefined;
}

function pathOf(nodes: readonly unknown[]): Path {
  return nodes.flatMap((node, index): Path => {
    if (isPair(node)) return [keyOf(node)];
    const parent = nodes[index - 1];
    const isItem = isNode(parent) && 'items' in parent && Array.isArray(parent.items) && !isMap(parent);
    return isItem ? [parent.items.indexOf(node)] : [];
  });
}

/** Leaves what the problems of keys leave after their fixes: of a key that is there twice, the first. */
export function dropOddKeys(document: Document): void {
  visit(document, {
    Map(_, map) {
      const names = map.items.map(keyOf);
      map.items = map.items.filter(
        (pair, index) =>
          isScalar(pair.key) &&
          pair.key.value !== null &&
          keyOf(pair) !== '__proto__' &&
          names.indexOf(keyOf(pair)) === index,
      );
    },
  });
}
