import { RESERVED_CLASS_NAMES } from '../../longhorn/release';
import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const classNames: SiteRule = {
  id: 'AF-LH-50',
  why: 'Longhorn makes and remakes these two classes itself and would fight over ours.',
  check: ({ storage }) =>
    (storage?.longhorn.classes ?? []).flatMap(({ name }, index): Finding[] => {
      if (!RESERVED_CLASS_NAMES.includes(name)) return [];
      const path = ['storage', 'longhorn', 'classes', index, 'name'];
      return [
        {
          path,
          expected: 'a name of your own',
          got: `${JSON.stringify(name)}, which is Longhorn's`,
          fix: { kind: 'set', path, value: `af-${name}` },
        },
      ];
    }),
};

export const oneDefaultClass: SiteRule = {
  id: 'AF-LH-51',
  why: 'With two default classes, or none, what a claim without a class gets is a matter of luck.',
  check({ storage }): Finding[] {
    if (!storage) return [];
    const { classes } = storage.longhorn;
    const path = (index: number) => ['storage', 'longhorn', 'classes', index, 'default'];
    const defaults = classes.flatMap((candidate, index) => (candidate.default ? [index] : []));
    const [first] = defaults;
    if (first === undefined) {
      return [
        {
          path: path(0),
          expected: 'exactly one default class',
          got: 'none',
          fix: { kind: 'add', path: path(0), value: true },
        },
      ];
    }
    return defaults.slice(1).map((index) => ({
      path: path(index),
      expected: `exactly one default class; ${classes[first]?.name ?? ''} is one already`,
      got: 'another',
      fix: { kind: 'set', path: path(index), value: false },
    }));
  },
};
