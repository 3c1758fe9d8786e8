import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { logFolder } from '../../cluster/processes';

type Calls = Readonly<Record<string, (...args: never[]) => unknown>>;

interface Request {
  readonly id: number;
  readonly call: string;
  readonly args: readonly unknown[];
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The same functions, called from the test. */
type Remote<T extends Calls> = {
  readonly [K in keyof T]: (...args: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>;
};

/** A program of the outside world. */
export interface Running<T extends Calls> {
  readonly calls: Remote<T>;
  readonly stop: () => void;
}

const READY = 0;

/** In the program: says when it is ready, and answers the test until that has gone. */
export function answer(calls: Calls, ready: Promise<unknown> | undefined): void {
  const reply = (message: Reply) => process.send?.(message);
  const run = (id: number, work: () => unknown) =>
    Promise.resolve()
      .then(work)
      .then(
        (result) => reply({ id, result }),
        (error: unknown) => reply({ id, error: String(error) }),
      );
  process.on('message', ({ id, call, args }: Request) => {
    void run(id, () => (calls[call] as (...args: readonly unknown[]) => unknown)(...args));
  });
  process.on('disconnect', () => {
    process.exit(0);
  });
  void run(READY, () => ready);
}

/**
 * In the test: starts a program of this folder in a network namespace, where no process of the cluster runs. It ends with
 * the test, however that ends. Its log is one of the run.
 *
 * @throws Error when it ends before it is ready
 */
export async function runOutside<T extends Calls>(
  program: string,
  network: string,
  args: readonly string[],
): Promise<Running<T>> {
  mkdirSync(logFolder(), { recursive: true });
  const log = openSync(path.join(logFolder(), `outside-${program}`), 'w');
  const script = path.join(__dirname, `${program}.ts`);
  const node = [process.execPath, '--require', 'ts-node/register', script, ...args];
  const child = spawn('nsenter', [`--net=/run/netns/${network}`, ...node], {
    cwd: path.join(__dirname, '..', '..', '..'),
    stdio: ['ignore', log, log, 'ipc'],
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const result = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  child.on('message', ({ id, result: value, error }: Reply) => {
    if (error === undefined) waiting.get(id)?.resolve(value);
    else waiting.get(id)?.reject(new Error(`${program}: ${error}`));
    waiting.delete(id);
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${program} has ended (${String(code)})`));
  });
  await result(READY);
  let last = READY;
  const calls = new Proxy({} as Remote<T>, {
    get:
      (_, call) =>
      (...given: unknown[]) => {
        last += 1;
        child.send({ id: last, call: String(call), args: given } satisfies Request);
        return result(last);
      },
  });
  return {
    calls,
    stop() {
      child.removeAllListeners('exit');
      child.kill();
    },
  };
}
