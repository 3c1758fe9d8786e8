import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BIN, RUN } from './cache';

const PIDS = path.join(RUN, 'pid');
const LOGS = path.join(RUN, 'log');

/** Starts a program, of ours or by its path, in the background; its log and process id are files of the run. */
export function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const program = path.basename(command);
  for (const folder of [PIDS, LOGS]) mkdirSync(folder, { recursive: true });
  const log = openSync(path.join(LOGS, program), 'w');
  const child = spawn(path.resolve(BIN, command), args, {
    cwd: RUN,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  if (child.pid === undefined) throw new Error(`${program} does not start`);
  writeFileSync(path.join(PIDS, program), String(child.pid));
  child.unref();
}

/**
 * Tries until it succeeds.
 *
 * @throws Error with the end of the program's log when that has ended, or when the time is up
 */
export async function until(
  what: string,
  program: string,
  seconds: number,
  attempt: () => Promise<boolean> | boolean,
): Promise<void> {
  const deadline = process.hrtime.bigint() + BigInt(seconds) * 1_000_000_000n;
  while (!(await attempt())) {
    const over = process.hrtime.bigint() > deadline;
    if (over || !isRunning(program)) {
      throw new Error(
        `${what}: ${over ? `not within ${String(seconds)} s` : `${program} has ended`}\n${logEnd(program)}`,
      );
    }
    await sleep(200);
  }
}

export function logEnd(program: string): string {
  const file = path.join(LOGS, program);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-20).join('\n') : '(no log)';
}

/** Programs of the run, with whether they run. */
export function programs(): readonly { readonly name: string; readonly running: boolean }[] {
  if (!existsSync(PIDS)) return [];
  return readdirSync(PIDS).map((name) => ({ name, running: isRunning(name) }));
}

/** Ends what was started, by process id, and only while that id still belongs to the program: ids are used again. */
export async function stopAll(): Promise<void> {
  const names = programs().map(({ name }) => name);
  const running = () => names.filter(isRunning);
  for (const name of running()) process.kill(pidOf(name), 'SIGTERM');
  for (let round = 0; round < 25 && running().length > 0; round++) await sleep(200);
  for (const name of running()) process.kill(pidOf(name), 'SIGKILL');
  for (const name of names) rmSync(path.join(PIDS, name));
}

function pidOf(name: string): number {
  return Number(readFileSync(path.join(PIDS, name), 'utf8'));
}

function isRunning(name: string): boolean {
  const file = path.join(PIDS, name);
  if (!existsSync(file)) return false;
  const commandLine = `/proc/${String(pidOf(name))}/cmdline`;
  try {
    return path.basename(readFileSync(commandLine, 'utf8').split('\0')[0] ?? '') === name;
  } catch {
    return false;
  }
}
