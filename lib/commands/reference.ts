import path from 'node:path';
import { writeWhole } from '../dist/write';
import { referenceFiles } from '../reference/reference-files';
import type { ExitCode, Terminal } from './terminal';

/** Writes what is generated from the schema and the rules: the JSON Schema for editors and the reference pages. */
export function reference(root: string, args: readonly string[], terminal: Terminal): ExitCode {
  if (args.length > 0) {
    terminal.complain(`reference takes no arguments; got ${args.join(' ')}`);
    return 2;
  }
  for (const [file, text] of referenceFiles()) {
    writeWhole(path.join(root, file), text);
    terminal.say(file);
  }
  return 0;
}
