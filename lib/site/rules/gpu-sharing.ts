import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import { hasProfile, migCard, sliceSize, type MigCard } from './mig-cards';

/** Most cards have seven slices of compute. @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/ */
const UNKNOWN: MigCard = { slices: 7, memory: Infinity, profiles: [] };

type Layout = readonly (readonly [string, number])[];

/** What a layout needs of the cards of a node. */
function needs(layout: Layout): { readonly slices: number; readonly memory: number } {
  const sizes = layout.map(([name, count]) => ({ count, ...sliceSize(name) }));
  return {
    slices: sizes.reduce((sum, { count, slices }) => sum + count * slices, 0),
    memory: sizes.reduce((sum, { count, memory }) => sum + count * memory, 0),
  };
}

export const gpuSharing: SiteRule = {
  id: 'AF-GPU-02',
  why: 'Slices that the cards cannot be cut into are never offered, and pods that ask for them stay Pending.',
  check: ({ nodePools }) =>
    nodePools.flatMap(({ gpu }, index): Finding[] => {
      if (gpu?.sharing?.strategy !== 'mig') return [];
      const layout = Object.entries(gpu.sharing.layout);
      const card = migCard(gpu.product) ?? UNKNOWN;
      // Slices of another card are told so by AF-GPU-03.
      if (layout.some(([name]) => !hasProfile(card, name))) return [];
      const used = needs(layout);
      const have = { slices: gpu.perNode * card.slices, memory: gpu.perNode * card.memory };
      const fits = used.slices <= have.slices && used.memory <= have.memory;
      if (layout.length > 0 && fits) return [];
      const name = layout[0]?.[0] ?? card.profiles[0] ?? 'mig-1g.10gb';
      const { slices, memory } = sliceSize(name);
      const perCard = Math.max(
        Math.min(Math.floor(card.slices / slices), Math.floor(card.memory / memory)),
        1,
      );
      const says = (of: { slices: number; memory: number }) =>
        `${String(of.slices)} slices${card.memory === Infinity ? '' : ` and ${String(of.memory)} GB`}`;
      const path = ['nodePools', index, 'gpu', 'sharing', 'layout'];
      return [
        {
          path,
          expected: `at most ${says(have)} in all, what the ${String(gpu.perNode)} × ${gpu.product} of a node have`,
          got: layout.length === 0 ? 'nothing' : says(used),
          fix: { kind: 'set', path, value: { [name]: perCard * gpu.perNode }, example: true },
        },
      ];
    }),
};
