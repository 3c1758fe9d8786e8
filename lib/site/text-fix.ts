import type { Fix } from './problem';
import type { YamlSource } from './yaml-source';

/** The lines that a piece of text is on go. */
export function removeLines(source: YamlSource, start: number, end: number): Fix {
  const [first, last] = [source.position(start).line, source.position(Math.max(end - 1, start)).line];
  return { kind: 'line', line: first, until: last, text: undefined };
}

/** The line, or lines, around a piece of text, with the piece replaced. */
export function replaceText(source: YamlSource, start: number, end: number, by: string): Fix {
  const { text } = source;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next;
  const [first, last] = [source.position(from).line, source.position(end).line];
  return {
    kind: 'line',
    line: first,
    until: last,
    text: (text.slice(from, start) + by + text.slice(end, to)).trimEnd(),
  };
}
