import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import { amountsAndGpus, workersPerNode } from './slot-size';

export const groupsFitTogether: SiteRule = {
  id: 'AF-CAP-15',
  why: 'Groups of workers on the same nodes share their room: the workers over it stay Pending for ever.',
  check: ({ nodePools, htcondor }) =>
    nodePools.flatMap((nodes): Finding[] => {
      const taken = new Map<string, number>();
      const before: string[] = [];
      return (htcondor?.executePools ?? []).flatMap((group, index): Finding[] => {
        const { min, max } = group.scale;
        // What is wrong with a group alone is told by AF-HTC-01, AF-CAP-10 and AF-CAP-11.
        if (group.pool !== nodes.name || min > max || min > nodes.count * workersPerNode(group.slot, nodes))
          return [];
        const parts = amountsAndGpus(group.slot, nodes);
        const room = Math.min(
          ...parts.map(({ key, asked, has }) =>
            Math.floor((nodes.count * has - (taken.get(key) ?? 0)) / asked),
          ),
        );
        const others = before.join(', ');
        before.push(group.name);
        for (const { key, asked } of parts)
          taken.set(key, (taken.get(key) ?? 0) + Math.min(min, room) * asked);
        if (min <= room) return [];
        const path = ['htcondor', 'executePools', index, 'scale', 'min'];
        const expected = `at most ${String(room)}: the rest of the nodes of ${nodes.name} is for the workers of ${others}`;
        return [{ path, expected, got: String(min), fix: { kind: 'set', path, value: room } }];
      });
    }),
};
