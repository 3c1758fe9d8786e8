import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

/** A card that can be cut into slices of its own memory and compute. */
export interface MigCard {
  /** Parts of the compute. */
  readonly slices: number;
  /** GB of memory. */
  readonly memory: number;
  /** Slices that there are, without those with media extensions. */
  readonly profiles: readonly string[];
}

function card(slices: number, memory: number, ...profiles: string[]): MigCard {
  return { slices, memory, profiles: profiles.map((name) => `mig-${name}gb`) };
}

/**
 * Cards by what the label nvidia.com/gpu.product says of them.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
 */
const CARDS: readonly (readonly [RegExp, MigCard])[] = [
  [/A100.*40GB/, card(7, 40, '1g.5', '1g.10', '2g.10', '3g.20', '4g.20', '7g.40')],
  [/A100.*80GB|H100.*80GB|H100-PCIe/, card(7, 80, '1g.10', '1g.20', '2g.20', '3g.40', '4g.40', '7g.80')],
  [/A30(?!\d)/, card(4, 24, '1g.6', '2g.12', '4g.24')],
];

/** Families that have no MIG at all. */
const WHOLE =
  /(?:Tesla-)?(?:T4|P4|P40|P100|V100|K80|M60)(?:-|$)|(?:^|-)(?:A2|A10|A16|A40|L4|L40S?)(?:-|$)|GeForce|Quadro|TITAN/;

/** What is known of a card; undefined where it is not in the table. */
export function migCard(product: string): MigCard | undefined {
  return CARDS.find(([pattern]) => pattern.test(product))?.[1];
}

/** Whether a card can give a slice; of an unknown card nobody knows. */
export function hasProfile({ profiles }: MigCard, name: string): boolean {
  return profiles.length === 0 || profiles.includes(name.replace(/\.me$/, ''));
}

/** What one slice takes of a card. */
export function sliceSize(profile: string): { readonly slices: number; readonly memory: number } {
  const [, slices = 0, memory = 0] = (/^mig-(\d)g\.(\d+)gb/.exec(profile) ?? []).map(Number);
  return { slices, memory };
}

export const migCards: SiteRule = {
  id: 'AF-GPU-03',
  why: 'A slice that the card does not have is never offered, and pods that ask for it stay Pending.',
  check: ({ nodePools }) =>
    nodePools.flatMap(({ gpu }, index): Finding[] => {
      if (gpu?.sharing?.strategy !== 'mig') return [];
      const path = ['nodePools', index, 'gpu', 'sharing'];
      if (WHOLE.test(gpu.product)) {
        const value = { strategy: 'timeSlicing', replicas: 4 };
        const expected = `timeSlicing or no sharing, because ${gpu.product} has no MIG`;
        return [
          {
            path: [...path, 'strategy'],
            expected,
            got: '"mig"',
            fix: { kind: 'set', path, value, example: true },
          },
        ];
      }
      const card = migCard(gpu.product);
      if (!card) return [];
      const known = card.profiles;
      const names = Object.keys(gpu.sharing.layout);
      return names.flatMap((name): Finding[] => {
        if (hasProfile(card, name)) return [];
        const at = [...path, 'layout', name];
        const compute = name.slice(0, name.indexOf('.') + 1);
        const to = known.find((profile) => profile.startsWith(compute) && !names.includes(profile));
        const expected = `slices of ${gpu.product}: ${known.join(', ')}`;
        return [
          {
            path: at,
            expected,
            got: name,
            fix: to === undefined ? { kind: 'remove', path: at } : { kind: 'rename', path: at, to },
          },
        ];
      });
    }),
};
