import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BIN, GO_ENV, RUN } from './cache';
import { clearRemains } from './remains';

const PIDS = path.join(RUN, 'pid');
const LOGS = path.join(RUN, 'log');

/** Where a program runs that is not the only one of its kind. */
export interface Place {
  /** Tells several of a kind apart: the program is called `<name>@<instance>`. */
  readonly instance?: string;
  /** A network namespace by its name. @default that of this process */
  readonly network?: string;
}

/** Starts a program, of ours or by its path, in the background; its log and process id are files of the run. */
export function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  { instance, network }: Place = {},
): void {
  const program = [path.basename(command), ...(instance === undefined ? [] : [instance])].join('@');
  for (const folder of [PIDS, LOGS]) mkdirSync(folder, { recursive: true });
  const log = openSync(path.join(LOGS, program), 'w');
  const inside = network === undefined ? [] : ['nsenter', `--net=/run/netns/${network}`];
  const [first = '', ...rest] = [...inside, path.resolve(BIN, command), ...args];
  const child = spawn(first, rest, {
    cwd: RUN,
    env: { ...env, ...GO_ENV },
    detached: true,
    stdio: ['ignore', log, log],
  });
  if (child.pid === undefined) throw new Error(`${program} does not start`);
  writeFileSync(path.join(PIDS, program), `${String(child.pid)} ${startOf(child.pid) ?? ''}`);
  child.unref();
}

/**
 * Runs a command to its end; what it says is a log of the run.
 *
 * @throws Error with the end of that log
 */
export async function runLogged(
  name: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  mkdirSync(LOGS, { recursive: true });
  const log = openSync(path.join(LOGS, name), 'w');
  const child = spawn(command, args, { env, stdio: ['ignore', log, log] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} for ${name} fails\n${logEnd(name)}`);
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

/** Logs of all programs and commands of the run. */
export const logFolder = () => LOGS;

export function logEnd(program: string): string {
  const file = path.join(LOGS, program);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-20).join('\n') : '(no log)';
}

/** Programs of the run, with whether they run. */
export function programs(): readonly { readonly name: string; readonly running: boolean }[] {
  if (!existsSync(PIDS)) return [];
  return readdirSync(PIDS).map((name) => ({ name, running: isRunning(name) }));
}

/** Ends what was started, and clears what real nodes leave behind. */
export async function stopAll(): Promise<void> {
  await end(programs().map(({ name }) => name));
  clearRemains();
}

/** Ends one program. */
export async function stop(program: string): Promise<void> {
  await end([program]);
}

/** By process id, and only while that id still belongs to the program: ids are used again. */
async function end(names: readonly string[]): Promise<void> {
  const running = () => names.filter(isRunning);
  for (const name of running()) process.kill(pidOf(name), 'SIGTERM');
  for (let round = 0; round < 25 && running().length > 0; round++) await sleep(200);
  for (const name of running()) process.kill(pidOf(name), 'SIGKILL');
  for (const name of names) rmSync(path.join(PIDS, name), { force: true });
}

function pidOf(name: string): number {
  return Number(readFileSync(path.join(PIDS, name), 'utf8').split(' ')[0]);
}

function isRunning(name: string): boolean {
  const file = path.join(PIDS, name);
  if (!existsSync(file)) return false;
  const [pid, started] = readFileSync(file, 'utf8').split(' ');
  return started !== undefined && startOf(Number(pid)) === started;
}

/**
 * When a process began, which tells it from a later one with its id. Not its command line: that is empty for a moment
 * when `nsenter` becomes the program. Nothing when it has ended.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startOf(pid: number): string | undefined {
  try {
    // The name, in brackets, may hold anything; the state is field 3, the start field 22.
    const [state = '', ...fields] = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return 'ZX'.includes(state) ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
