import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { textAt, type Fields } from '../../lib/kubernetes/read';
import type { NetworkPlan } from '../cluster/network';
import { nodeFolder } from '../cluster/real-node';

const run = promisify(execFile);

export type Target = readonly [address: string, port: number, protocol: 'TCP' | 'UDP'];

/** File of a network namespace. */
export type Inside = string;

/** The network namespace of a pod: what is tried there is tried with the pod's eyes, whatever its image holds. */
export function insideOf(pod: Fields, network: NetworkPlan): Inside {
  const node = network.nodes.find(({ name }) => name === textAt(pod, 'spec', 'nodeName'));
  const address = textAt(pod, 'status', 'podIP');
  if (!node || address === undefined)
    throw new Error(`${String(textAt(pod, 'metadata', 'name'))} runs nowhere`);
  const folder = nodeFolder(node, 'state', 'io.containerd.grpc.v1.cri', 'netns');
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const inside = path.join(folder, file);
    const addresses = execFileSync('nsenter', [`--net=${inside}`, 'ip', '-4', '-brief', 'address'], {
      encoding: 'utf8',
    });
    if (addresses.includes(` ${address}/`)) return inside;
  }
  throw new Error(`no network namespace has the address ${address}`);
}

/** The network namespace of a node. */
export const insideOfNode = (namespace: string): Inside => `/run/netns/${namespace}`;

/** Which of the targets answer, in their order. */
export async function tryTargets(inside: Inside, targets: readonly Target[]): Promise<readonly boolean[]> {
  const { stdout } = await run(
    'nsenter',
    [`--net=${inside}`, process.execPath, path.join(__dirname, 'try-targets.js'), JSON.stringify(targets)],
    { maxBuffer: 2 ** 24 },
  );
  return JSON.parse(stdout) as boolean[];
}
