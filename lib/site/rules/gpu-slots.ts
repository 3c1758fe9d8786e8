import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import type { NodePool } from '../schema/node-pools';
import { migCard, sliceSize } from './mig-cards';

/** What the device plugin offers on each node of a pool: resource to how many of it. */
function offered(gpu: NonNullable<NodePool['gpu']>): ReadonlyMap<string, number> {
  const { sharing, perNode } = gpu;
  if (sharing?.strategy === 'timeSlicing') return new Map([['nvidia.com/gpu', perNode * sharing.replicas]]);
  const slices = Object.entries(sharing?.layout ?? {});
  const perCard = migCard(gpu.product)?.slices ?? 7;
  const used = slices.reduce((sum, [name, count]) => sum + count * sliceSize(name).slices, 0);
  const whole = perNode - Math.ceil(used / perCard);
  return new Map([
    ...slices.map(([name, count]) => [`nvidia.com/${name}`, count] as const),
    ...(whole > 0 ? [['nvidia.com/gpu', whole] as const] : []),
  ]);
}

export const gpuSlots: SiteRule = {
  id: 'AF-GPU-10',
  why: 'A worker that asks for a GPU its nodes do not offer stays Pending; one on GPU nodes that asks for none is kept out by their taint, or wastes them.',
  check: ({ nodePools, htcondor }) =>
    (htcondor?.executePools ?? []).flatMap(({ pool, slot }, index): Finding[] => {
      const nodes = nodePools.find(({ name }) => name === pool);
      const path = ['htcondor', 'executePools', index, 'slot', 'gpus'];
      if (!nodes) return [];
      if (!nodes.gpu) {
        if (!slot.gpus) return [];
        const expected = `no GPUs, because the node pool ${pool} has none`;
        return [{ path, expected, got: slot.gpus.resource, fix: { kind: 'remove', path } }];
      }
      const offers = offered(nodes.gpu);
      const [first] = offers.keys();
      if (first === undefined) return [];
      const names = [...offers.keys()].join(', ');
      if (!slot.gpus) {
        const expected = `what each worker gets of the GPUs of ${pool}: ${names}`;
        const fix = { kind: 'add', path, value: { resource: first }, example: true } as const;
        return [{ path, expected, got: 'nothing', fix }];
      }
      const { resource, count } = slot.gpus;
      const most = offers.get(resource);
      if (most === undefined) {
        const at = [...path, 'resource'];
        const expected = `a resource that the nodes of ${pool} offer: ${names}`;
        return [
          { path: at, expected, got: JSON.stringify(resource), fix: { kind: 'set', path: at, value: first } },
        ];
      }
      if (count <= most) return [];
      const at = [...path, 'count'];
      const expected = `at most ${String(most)}, what a node of ${pool} offers of ${resource}`;
      return [{ path: at, expected, got: String(count), fix: { kind: 'set', path: at, value: most } }];
    }),
};
