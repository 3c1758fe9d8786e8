import { parse } from 'yaml';

/** What a file of dist holds; nothing where somebody has edited it into no YAML at all. */
export function readObject(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
