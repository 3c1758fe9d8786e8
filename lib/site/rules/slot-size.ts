import { DISK_HEADROOM_BYTES, MEMORY_HEADROOM_BYTES } from '../../htcondor/release';
import { sayBytes } from '../../kubernetes/quantity';
import { offeredGpus } from '../hub-plan';
import type { Finding, Fix, Path } from '../problem';
import type { SiteRule } from '../rule';
import type { Site } from '../schema';
import type { NodePool } from '../schema/node-pools';

type Slot = NonNullable<Site['htcondor']>['executePools'][number]['slot'];
type Allocatable = NodePool['allocatable'];

const GI = 1024 ** 3;
const MI = 1024 ** 2;

/** Each amount of a worker pod beside what a node has of it; an amount that no node states is not compared. */
function amounts(slot: Slot, allocatable: Allocatable) {
  const disk = allocatable['ephemeral-storage'];
  return [
    { key: 'cpus', asked: slot.cpus * 1000, has: allocatable.cpu.millicores },
    { key: 'memory', asked: slot.memory.bytes + MEMORY_HEADROOM_BYTES, has: allocatable.memory.bytes },
    ...(disk ? [{ key: 'disk', asked: slot.disk.bytes + DISK_HEADROOM_BYTES, has: disk.bytes }] : []),
  ];
}

/** The same with GPUs; those that a node does not offer at all are a matter of AF-GPU-10. */
export function amountsAndGpus(slot: Slot, nodes: NodePool) {
  const { gpus } = slot;
  const cards = gpus && offeredGpus(nodes)[gpus.resource];
  return [
    ...amounts(slot, nodes.allocatable),
    ...(gpus && cards !== undefined ? [{ key: gpus.resource, asked: gpus.count, has: cards }] : []),
  ];
}

/** Workers that one empty node takes. */
export function workersPerNode(slot: Slot, nodes: NodePool): number {
  return Math.min(...amountsAndGpus(slot, nodes).map(({ asked, has }) => Math.floor(has / asked)));
}

/** The largest amount for jobs that fits, as it may stand in the file. */
function largest(key: string, has: number): number | string {
  if (key === 'cpus') return Math.floor(has / 1000);
  const room = has - (key === 'memory' ? MEMORY_HEADROOM_BYTES : DISK_HEADROOM_BYTES);
  return room >= GI ? `${String(Math.floor(room / GI))}Gi` : `${String(Math.floor(room / MI))}Mi`;
}

/** Nodes without room for the smallest worker are none for workers: the group goes, and with the last one the pool. */
function fitting(key: string, value: number | string, path: Path, groups: number): Fix {
  const least = key === 'cpus' ? 1 : MI;
  const units =
    typeof value === 'number' ? value : Number.parseInt(value, 10) * (value.endsWith('Gi') ? GI : MI);
  if (units >= least) return { kind: 'set', path, value };
  return { kind: 'remove', path: groups > 1 ? path.slice(0, 3) : ['htcondor'] };
}

export const slotFitsNode: SiteRule = {
  id: 'AF-CAP-10',
  why: 'A worker that is larger than every node of its pool stays Pending for ever.',
  check: ({ nodePools, htcondor }) =>
    (htcondor?.executePools ?? []).flatMap(({ pool, slot }, index): Finding[] => {
      const allocatable = nodePools.find(({ name }) => name === pool)?.allocatable;
      if (!allocatable) return [];
      return amounts(slot, allocatable).flatMap(({ key, asked, has }): Finding[] => {
        if (asked <= has) return [];
        const path = ['htcondor', 'executePools', index, 'slot', key];
        const value = largest(key, has);
        const say = (amount: number) => (key === 'cpus' ? String(amount / 1000) : sayBytes(amount));
        return [
          {
            path,
            expected: `at most ${String(value)}: a node of ${pool} has ${say(has)}`,
            got:
              key === 'cpus'
                ? say(asked)
                : `${key === 'memory' ? slot.memory.text : slot.disk.text}, ${say(asked)} with what the daemons need`,
            fix: fitting(key, value, path, htcondor?.executePools.length ?? 0),
          },
        ];
      });
    }),
};

export const workersFit: SiteRule = {
  id: 'AF-CAP-11',
  why: 'Workers need room even on empty nodes: what is over it stays Pending for ever.',
  check: ({ nodePools, htcondor, autoscaling }) =>
    (htcondor?.executePools ?? []).flatMap(({ pool, slot, scale }, index): Finding[] => {
      const nodes = nodePools.find(({ name }) => name === pool);
      if (!nodes) return [];
      const room = nodes.count * workersPerNode(slot, nodes);
      // A slot that fits no node at all is told so by AF-CAP-10, and a range that is none by AF-HTC-01.
      if (room === 0 || scale.min > scale.max) return [];
      const expected = `at most ${String(room)}, as many workers as the ${String(nodes.count)} nodes of ${pool} can hold`;
      // Without KEDA nobody starts more than min.
      const keys = autoscaling ? (['min', 'max'] as const) : (['min'] as const);
      return keys.flatMap((key): Finding[] => {
        if (scale[key] <= room) return [];
        const path = ['htcondor', 'executePools', index, 'scale', key];
        return [{ path, expected, got: String(scale[key]), fix: { kind: 'set', path, value: room } }];
      });
    }),
};
