/** A piece of code in a page, as readers copy it. */
export interface Block {
  /** File and line of its first line of code. */
  readonly place: string;
  /** As the fence says it; nothing for what is no code. */
  readonly language: string;
  readonly text: string;
}

const FENCE = /^(?<indent> *)(?<fence>`{3,}|~{3,}) *(?<language>[^\s`]*).*$/;

/**
 * All fenced pieces of a page, in their order.
 *
 * @throws Error for one that does not end
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export function blocksOf(file: string, page: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = page.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const { indent = '', fence, language = '' } = FENCE.exec(lines[index] ?? '')?.groups ?? {};
    if (fence === undefined) continue;
    const first = index + 1;
    const end = lines.findIndex((line, at) => at >= first && closes(line, fence));
    if (end < 0) throw new Error(`${file}:${String(first)}: the code that begins here does not end`);
    const text = lines.slice(first, end).map((line) => withoutIndent(line, indent.length));
    blocks.push({ place: `${file}:${String(first + 1)}`, language, text: `${text.join('\n')}\n` });
    index = end;
  }
  return blocks;
}

function closes(line: string, fence: string): boolean {
  const word = line.trim();
  return word.startsWith(fence) && word.replaceAll(fence.charAt(0), '') === '';
}

function withoutIndent(line: string, width: number): string {
  const own = line.length - line.trimStart().length;
  return line.slice(Math.min(own, width));
}
