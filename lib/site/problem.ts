import YAML from 'yaml';

/** Keys and list positions from the top of site.yaml: `['nodePools', 0, 'count']`. */
export type Path = readonly (string | number)[];

/** A value at a path; `example` where it only shows the form, because nobody but the admin knows the right one. */
interface Value {
  readonly path: Path;
  readonly value: unknown;
  readonly example?: boolean;
}

/** Lines `line` to `until` (default: that one) are replaced by the text, or go. */
interface LineFix {
  readonly kind: 'line';
  readonly line: number;
  readonly until?: number;
  readonly text: string | undefined;
  /** Whether only the admin knows what the line should be. */
  readonly guess?: boolean;
}

/** The change that makes a problem go away. It is data, so that a test can apply exactly what is printed. */
export type Fix =
  | ({ readonly kind: 'set' } & Value)
  | ({ readonly kind: 'add' } & Value)
  | { readonly kind: 'rename'; readonly path: Path; readonly to: string }
  /** The key stays what it is; `to` is the mapping it belongs into. */
  | { readonly kind: 'move'; readonly path: Path; readonly to: Path }
  | { readonly kind: 'remove'; readonly path: Path }
  | LineFix
  /** Everything from a line on goes. */
  | { readonly kind: 'cut'; readonly from: number }
  /** Each tab becomes two spaces. */
  | { readonly kind: 'untab' }
  | { readonly kind: 'encode'; readonly from: string }
  /** A change of files, in words; the text of the file stays. */
  | { readonly kind: 'files'; readonly words: string };

/** What a rule finds in a site: where in the site, but not yet where in the file. */
export interface Finding {
  readonly path: Path;
  readonly expected: string;
  readonly got: string;
  readonly fix: Fix;
  /** What must be done outside the file before the fix is true. */
  readonly before?: string;
}

/** One mistake, as the admin reads it. */
export interface Problem extends Finding {
  /** Id of the rule that found it, as in docs/reference/rules.md. */
  readonly rule: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

/** A problem of one file, before the name of the file is added. */
export type Found = Omit<Problem, 'file'>;

/** `nodePools[0].allocatable.cpu` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${String(step)}]`;
    return text === '' ? keyText(step) : `${text}.${keyText(step)}`;
  }, '');
}

function keyText(key: string): string {
  return /^[\w/-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A value in one line of YAML, as it may stand in the file; in quotes where any parser could take it for a number. */
export function valueText(value: unknown): string {
  const document = new YAML.Document(value, { version: '1.1' });
  YAML.visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && /^\d+(?:\.\d+){0,2}$/.test(node.value))
        node.type = 'QUOTE_DOUBLE';
    },
  });
  return document
    .toString({
      collectionStyle: 'flow',
      lineWidth: 0,
      flowCollectionPadding: true,
      defaultStringType: 'PLAIN',
      defaultKeyType: 'PLAIN',
      blockQuote: false,
      directives: false,
    })
    .trimEnd();
}

/** The fix in words, short where it is at the place of the problem itself. */
export function fixText(fix: Fix, near: Path): string {
  switch (fix.kind) {
    case 'set':
      return entryText(fix, near);
    case 'add':
      return `add ${entryText(fix, near)}`;
    case 'rename':
      return `${valueText(fix.to)}:  (instead of ${String(fix.path.at(-1))})`;
    case 'move':
      return `move ${String(fix.path.at(-1))} ${fix.to.length === 0 ? 'to the top level' : `into ${pathText(fix.to)}`}`;
    case 'remove':
      return removeText(fix.path, near);
    case 'line':
      return lineText(fix);
    case 'cut':
      return `remove everything from line ${String(fix.from)} on`;
    case 'untab':
      return "replace each tab by two spaces: sed -i 's/\\t/  /g'";
    case 'files':
      return fix.words;
    case 'encode':
      return `save the file as UTF-8: iconv -f ${fix.from} -t UTF-8`;
  }
}

const INDENT = '              ';

function lineText({ line, until = line, text, guess = false }: LineFix): string {
  const lines = until === line ? `line ${String(line)}` : `lines ${String(line)} to ${String(until)}`;
  if (text === undefined && guess) return `correct ${lines}, or remove ${until === line ? 'it' : 'them'}`;
  return text === undefined ? `remove ${lines}` : text.trim().replace(/\n\s*/g, `\n${INDENT}`);
}

function removeText(path: Path, near: Path): string {
  const last = path.at(-1);
  if (typeof last === 'number') return `remove entry ${String(last + 1)} of ${pathText(path.slice(0, -1))}`;
  return `remove ${isBeside(path, near) ? String(last) : pathText(path)}`;
}

function entryText({ path, value, example = false }: Value, near: Path): string {
  const last = path.at(-1);
  const text = `${valueText(value)}${example ? '  # an example' : ''}`;
  if (!isBeside(path, near)) return `${pathText(path)}: ${text}`;
  return typeof last === 'string' ? `${valueText(last)}: ${text}` : `- ${text}`;
}

/** Whether two paths are in the same mapping or list, so that the last step says enough. */
function isBeside(path: Path, near: Path): boolean {
  const same = path.length === near.length && path.slice(0, -1).every((step, index) => step === near[index]);
  return same && (typeof path.at(-1) === 'string' || path.at(-1) === near.at(-1));
}

export function problemText(problem: Problem): string {
  const where = `${problem.file}:${String(problem.line)}:${String(problem.column)}`;
  const fix = fixText(problem.fix, problem.path);
  return [
    [where, pathText(problem.path), `(${problem.rule})`].filter((part) => part !== '').join('  '),
    `    expected  ${problem.expected}`,
    `    got       ${problem.got}`,
    `    fix       ${problem.before === undefined ? fix : `${problem.before}; then ${fix}`}`,
    '',
  ].join('\n');
}

/** Orders problems as a reader meets them in the file. */
export function inFileOrder(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
