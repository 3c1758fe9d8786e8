import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BIN, GIVEN_KUBECONFIG, GO_ENV, KUBECONFIG, RUN } from './cache';

export interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** What kubectl knows of a cluster's kinds: by default it keeps that by the address, and all clusters here have the same. */
export const KINDS = path.join(RUN, 'kinds');

/** Runs kubectl against the cluster of the suites. */
export function kubectl(args: readonly string[], input = ''): Answer {
  const all = ['--kubeconfig', KUBECONFIG, '--cache-dir', KINDS, ...args];
  // `auth can-i` says no by the end of its process.
  return GIVEN_KUBECONFIG !== undefined || args.includes('can-i') ? byItself(all, input) : inLoop(all, input);
}

/** A given cluster comes with a kubectl of its version. */
const KUBECTL = GIVEN_KUBECONFIG === undefined ? path.join(BIN, 'kubectl') : 'kubectl';

function byItself(args: readonly string[], input: string): Answer {
  const result = spawnSync(KUBECTL, args, { encoding: 'utf8', input, maxBuffer: 2 ** 28 });
  if (result.error) throw result.error;
  return { status: result.status ?? 1, out: result.stdout, err: result.stderr };
}

let loop: { readonly commands: number; readonly answers: number } | undefined;

/** One kubectl runs all commands of this process: its start costs more than most of them. */
function inLoop(args: readonly string[], input: string): Answer {
  loop ??= startLoop();
  writeFileSync(loop.commands, `${JSON.stringify({ args, input })}\n`);
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(2 ** 16);
    const length = readSync(loop.answers, chunk);
    if (length === 0) {
      loop = undefined;
      throw new Error(`kubectl has ended: ${args.join(' ')}`);
    }
    chunks.push(chunk.subarray(0, length));
    if (chunk[length - 1] === NEWLINE) return JSON.parse(Buffer.concat(chunks).toString()) as Answer;
  }
}

const NEWLINE = 0x0a;

/** It ends when this process has ended, as nothing writes commands then. */
function startLoop() {
  const folder = mkdtempSync(path.join(RUN, 'kubectl-'));
  const [commands, answers] = [pipe(path.join(folder, 'commands')), pipe(path.join(folder, 'answers'))];
  rmSync(folder, { recursive: true });
  spawn(path.join(BIN, 'kubectl-loop'), {
    env: { ...process.env, ...GO_ENV },
    stdio: [commands.read, answers.write, 'inherit'],
  }).unref();
  for (const end of [commands.read, answers.write]) closeSync(end);
  return { commands: commands.write, answers: answers.read };
}

/** One with a name, because those of `spawn` cannot be waited for. To open one end waits for the other, if there is none. */
function pipe(file: string) {
  execFileSync('mkfifo', [file]);
  const both = openSync(file, 'r+');
  const ends = { read: openSync(file, 'r'), write: openSync(file, 'w') };
  closeSync(both);
  return ends;
}

/** As {@link kubectl}; an answer that is an error is thrown with its text. */
export function mustKubectl(args: readonly string[], input?: string): string {
  const { status, out, err } = kubectl(args, input);
  if (status !== 0) throw new Error(`kubectl ${args.join(' ')}\n${err}`);
  return out;
}

/**
 * As kubectl takes many objects at once. Not as a List: the API server validates none, so kubectl would take all schemas of
 * the cluster from it, for each command, and validate by itself.
 */
export function documents(objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n');
}

/** Applies objects of a suite's own, server-side. */
export function applyObjects(items: readonly object[]): void {
  if (items.length === 0) return;
  mustKubectl(
    ['apply', '--server-side', '--force-conflicts', '--field-manager=e2e', '--filename=-'],
    documents(items),
  );
}
