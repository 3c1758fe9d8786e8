/** Runs beside the nodes: follows pods, namespaces and policies, and loads what they mean into each node. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { at, isFields, textAt, type Fields } from '../../lib/kubernetes/read';
import { BIN, KUBECONFIG } from './cache';
import { tableOf } from './policy-rules';

const KINDS = {
  pods: 'pods',
  namespaces: 'namespaces',
  policies: 'networkpolicies.networking.k8s.io',
} as const;

type Kind = keyof typeof KINDS;

const seen: Record<Kind, Map<string, Fields>> = {
  pods: new Map(),
  namespaces: new Map(),
  policies: new Map(),
};
/** Pairs of node and network namespace. */
const nodes = process.argv.slice(2).map((word) => word.split('=') as [name: string, namespace: string]);
const loaded = new Map<string, string>();
const watches = new Set<ChildProcess>();
let planned = false;

const SETTLING = 500;

/** Starts over when the watch ends, as it does from time to time; what was known counts until all is known again. */
function follow(kind: Kind): void {
  const args = ['get', KINDS[kind], '--all-namespaces', '--output=json', '--watch', '--output-watch-events'];
  const watch = spawn(path.join(BIN, 'kubectl'), ['--kubeconfig', KUBECONFIG, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  watches.add(watch);
  const fresh = new Map<string, Fields>();
  setTimeout(() => {
    seen[kind] = fresh;
    plan();
  }, SETTLING);
  createInterface({ input: watch.stdout }).on('line', (line) => {
    const event: unknown = JSON.parse(line);
    const object = at(event, 'object');
    if (!isFields(object)) return;
    const name = `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`;
    if (at(event, 'type') === 'DELETED') fresh.delete(name);
    else fresh.set(name, object);
    plan();
  });
  watch.on('exit', () => {
    watches.delete(watch);
    setTimeout(() => {
      follow(kind);
    }, SETTLING);
  });
}

/** Changes come in bursts. */
function plan(): void {
  if (planned) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    load();
  }, 30);
}

function load(): void {
  const cluster = {
    pods: [...seen.pods.values()],
    namespaces: [...seen.namespaces.values()],
    policies: [...seen.policies.values()],
  };
  for (const [name, namespace] of nodes) {
    const table = tableOf(name, cluster);
    if (loaded.get(name) === table) continue;
    const { status, stderr } = spawnSync('nsenter', [`--net=/run/netns/${namespace}`, 'nft', '--file', '-'], {
      input: table,
      encoding: 'utf8',
    });
    if (status === 0) loaded.set(name, table);
    else console.error(`${name}: ${stderr}\n${table}`);
  }
}

process.on('SIGTERM', () => {
  for (const watch of watches) watch.kill();
  process.exit(0);
});
for (const kind of ['pods', 'namespaces', 'policies'] as const) follow(kind);
