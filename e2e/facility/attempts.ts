/** Something that somebody tries to do to another. */
export interface Attempt {
  readonly who: string;
  readonly what: string;
  /** How it was refused, as it was said; nothing when it was not. */
  readonly refused: string | undefined;
}

/** For people: a line for each; `done` is what was not refused. */
export function attemptTable(attempts: readonly Attempt[]): string {
  const wide = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length));
  const [who, what] = [wide(attempts.map((each) => each.who)), wide(attempts.map((each) => each.what))];
  return attempts
    .map((each) => [each.who.padEnd(who), each.what.padEnd(what), each.refused ?? 'done'].join('  '))
    .join('\n');
}

/** Those that were not refused. */
export const succeeded = (attempts: readonly Attempt[]) =>
  attempts.filter(({ refused }) => refused === undefined);
