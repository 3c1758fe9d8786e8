import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Person } from './people';

/** A program of the folder `cells`. */
export const programOf = (name: string) => readFileSync(path.join(__dirname, 'cells', `${name}.py`), 'utf8');

/**
 * Runs a program of the folder `cells` in a new kernel of somebody's notebook.
 *
 * @param given what the program finds under these names
 * @returns what it has printed, which is JSON
 */
export async function runCell<T>(
  { visitor }: Person,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Promise<T> {
  const variables = Object.entries(given).map(
    ([variable, value]) => `${variable} = json.loads(${JSON.stringify(JSON.stringify(value))})\n`,
  );
  const kernel = await visitor.kernel();
  try {
    const { out, printed } = await kernel.run(`import json\n${variables.join('')}${programOf(name)}`);
    return parse(out, `${name}.py prints no JSON for ${visitor.name}: ${printed}`) as T;
  } finally {
    await kernel.end();
  }
}

/** @throws Error with the complaint when the text is no JSON */
function parse(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(complaint);
  }
}

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly source: string | readonly string[] }[];
}

/** Runs the cells of a notebook that the facility gives to everybody, one after the other. Gives what they said. */
export async function runExample({ visitor }: Person, file: string): Promise<readonly string[]> {
  const text = await visitor.run(`print(open(${JSON.stringify(file)}, encoding="utf-8").read())`);
  const { cells } = JSON.parse(text) as Notebook;
  const codes = cells
    .filter(({ cell_type: type }) => type === 'code')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')));
  const kernel = await visitor.kernel();
  try {
    const said: string[] = [];
    for (const code of codes) {
      const { printed, result } = await kernel.run(code);
      said.push(`${printed}${result}`);
    }
    return said;
  } finally {
    await kernel.end();
  }
}
