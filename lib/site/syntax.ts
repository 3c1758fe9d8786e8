import { dropOddKeys, keyProblems } from './keys';
import type { Found } from './problem';
import { references } from './references';
import { yamlErrors } from './yaml-errors';
import type { YamlSource } from './yaml-source';

/** A file as YAML. */
export interface Syntax {
  readonly problems: readonly Found[];
  /** The file, repaired in mind where that is certain; undefined where nobody can tell what it says. */
  readonly readable: YamlSource | undefined;
}

/** What is wrong with a file as YAML, before anybody asks what it says. */
export function readSyntax(source: YamlSource): Syntax {
  const { problems: errors, repaired } = yamlErrors(source);
  if (!repaired) return { problems: errors, readable: undefined };
  const lines = new Set(errors.map(({ line }) => line));
  const keys = keyProblems(repaired);
  const others = [...references(repaired), ...keys].filter(({ line }) => !lines.has(line));
  const isReadable = others.every(({ rule, path }) => rule === 'AF-SITE-04' || path.length > 0);
  const readable = keys.length === 0 ? repaired : repaired.edited(dropOddKeys);
  return { problems: [...errors, ...others], readable: isReadable ? readable : undefined };
}
