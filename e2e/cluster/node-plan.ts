import type { Site } from '../../lib/site/schema';
import { gpuLabels } from '../../lib/site/node-labels';
import { gpuResources, simulatedNodes } from './nodes';

type NodePool = Site['nodePools'][number];

/** Of what one machine can carry. */
export const MOST_REAL_NODES = 3;

/** Keeps pods off a simulated node where they would only seem to run. */
export const SIMULATED_TAINT = { key: 'e2e/simulated', value: 'true', effect: 'NoSchedule' } as const;

export interface NodePlan {
  readonly real: readonly RealNode[];
  /** Node objects for KWOK. */
  readonly simulated: readonly object[];
}

/** One machine in the place of a whole pool. */
export interface RealNode {
  /** `<pool>-1` */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Readonly<{ key: string; value?: string | undefined; effect: string }>[];
  /** Extended resources: name to how many. */
  readonly devices: Readonly<Record<string, string>>;
}

/**
 * Which pools of a site become real nodes: one node each, those without taints first, since what asks for no pool runs
 * there. With more pools than nodes the rest is simulated, as many nodes as the site has; a rest without taints gets
 * one, so that a pod waits instead of seeming to run.
 *
 * @param wanted names of pools that must be real; others follow while there is room
 */
export function planNodes(
  pools: readonly NodePool[],
  wanted: readonly string[] = [],
  most = MOST_REAL_NODES,
): NodePlan {
  const unknown = wanted.filter((name) => !pools.some((pool) => pool.name === name));
  if (unknown.length > 0) throw new Error(`the site has no pool ${unknown.join(', ')}`);
  if (wanted.length > most) throw new Error(`${String(most)} real nodes at most, not ${wanted.join(', ')}`);
  const rank = (pool: NodePool) => (wanted.includes(pool.name) ? 0 : pool.taints.length === 0 ? 1 : 2);
  const inOrder = [...pools].sort((a, b) => rank(a) - rank(b));
  const rest = inOrder.slice(most).map((pool) => ({
    ...pool,
    taints: pool.taints.length === 0 ? [SIMULATED_TAINT] : pool.taints,
  }));
  return { real: inOrder.slice(0, most).map(realNode), simulated: simulatedNodes(rest) };
}

function realNode(pool: NodePool): RealNode {
  return {
    name: `${pool.name}-1`,
    labels: gpuLabels(pool),
    taints: pool.taints,
    devices: gpuResources(pool),
  };
}
