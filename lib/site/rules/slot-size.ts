import { DISK_HEADROOM_BYTES, MEMORY_HEADROOM_BYTES } from '../../htcondor/release';
import { sayBytes } from '../../kubernetes/quantity';
import type { Finding } from '../problem';
import { siteRule } from '../rule';
import type { Site } from '../schema';

type Slot = NonNullable<Site['htcondor']>['executePools'][number]['slot'];
type Allocatable = Site['nodePools'][number]['allocatable'];

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

/** Workers that one empty node takes. */
function workersPerNode(slot: Slot, allocatable: Allocatable): number {
  return Math.min(...amounts(slot, allocatable).map(({ asked, has }) => Math.floor(has / asked)));
}

/** The largest amount for jobs that fits, as it may stand in the file. */
function largest(key: string, has: number): number | string {
  if (key === 'cpus') return Math.floor(has / 1000);
  const room = has - (key === 'memory' ? MEMORY_HEADROOM_BYTES : DISK_HEADROOM_BYTES);
  return room >= GI ? `${String(Math.floor(room / GI))}Gi` : `${String(Math.floor(room / MI))}Mi`;
}

export const slotFitsNode = siteRule({
  id: 'AF-CAP-10',
  why: 'A worker that is larger than every node of its pool stays Pending for ever.',
  reads: ['nodePools', 'htcondor'],
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
            fix: { kind: 'set', path, value },
          },
        ];
      });
    }),
});

export const workersFit = siteRule({
  id: 'AF-CAP-11',
  why: 'Workers need room even on empty nodes: what is over it stays Pending for ever.',
  reads: ['nodePools', 'htcondor', 'autoscaling'],
  check: ({ nodePools, htcondor, autoscaling }) =>
    (htcondor?.executePools ?? []).flatMap(({ pool, slot, scale }, index): Finding[] => {
      const nodes = nodePools.find(({ name }) => name === pool);
      if (!nodes) return [];
      const room = nodes.count * workersPerNode(slot, nodes.allocatable);
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
});
