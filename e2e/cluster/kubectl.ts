import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { BIN, GIVEN_KUBECONFIG, GO_ENV, KUBECONFIG, RUN } from './cache';

/** A given cluster comes with a kubectl of its version. */
const KUBECTL = GIVEN_KUBECONFIG === undefined ? path.join(BIN, 'kubectl') : 'kubectl';

export interface Answer {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** What kubectl knows of a cluster's kinds: by default it keeps that by the address, and all clusters here have the same. */
export const KINDS = path.join(RUN, 'kinds');

/** Runs kubectl against the cluster of the suites. */
export function kubectl(args: readonly string[], input?: string): Answer {
  const result = spawnSync(KUBECTL, ['--kubeconfig', KUBECONFIG, '--cache-dir', KINDS, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...GO_ENV },
    input: input ?? '',
    maxBuffer: 2 ** 28,
  });
  if (result.error) throw result.error;
  return { status: result.status ?? 1, out: result.stdout, err: result.stderr };
}

/** As {@link kubectl}; an answer that is an error is thrown with its text. */
export function mustKubectl(args: readonly string[], input?: string): string {
  const { status, out, err } = kubectl(args, input);
  if (status !== 0) throw new Error(`kubectl ${args.join(' ')}\n${err}`);
  return out;
}

/** Applies objects of a suite's own, server-side. */
export function applyObjects(items: readonly object[]): void {
  if (items.length === 0) return;
  mustKubectl(
    ['apply', '--server-side', '--force-conflicts', '--field-manager=e2e', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
}
