import { setTimeout as sleep } from 'node:timers/promises';

/** What an assertion has looked at, and what it has to say against it: nothing to look at proves nothing. */
export interface Look {
  readonly looked: number;
  readonly objections: readonly string[];
}

/**
 * Asks until there are no objections, with a second between; gives those that are left in the end. It counts questions and
 * not the clock: on a busy machine, where an answer takes long, it is more patient.
 */
export async function eventually(
  seconds: number,
  objections: () => readonly string[] | Promise<readonly string[]>,
): Promise<readonly string[]> {
  for (let second = 1; ; second++) {
    const left = await objections();
    if (left.length === 0 || second >= seconds) return left;
    await sleep(1000);
  }
}

/** For people who follow a run. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
