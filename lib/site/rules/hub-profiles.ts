import { profilePools } from '../hub-plan';
import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';
import type { NodePool } from '../schema/node-pools';
import type { Profile } from '../schema/profiles';

/** Findings of every profile, with the path of the profile. */
function each(
  profiles: readonly Profile[] | undefined,
  find: (profile: Profile, path: Path) => Finding[],
): Finding[] {
  return (profiles ?? []).flatMap((profile, index) => find(profile, ['jupyterhub', 'profiles', index]));
}

export const profileGuarantees: SiteRule = {
  id: 'AF-JH-05',
  why: 'The API server refuses a pod that is guaranteed more than it may use, each time somebody starts it.',
  check: ({ jupyterhub }) =>
    each(jupyterhub?.profiles, ({ cpu, memory }, path): Finding[] => {
      const over = (key: string, guarantee: string, limit: string): Finding => ({
        path: [...path, key, 'guarantee'],
        expected: `at most the limit, ${limit}`,
        got: guarantee,
        fix: { kind: 'set', path: [...path, key, 'guarantee'], value: limit },
      });
      return [
        ...(cpu.guarantee.millicores > cpu.limit.millicores
          ? [over('cpu', cpu.guarantee.text, cpu.limit.text)]
          : []),
        ...(memory.guarantee.bytes > memory.limit.bytes
          ? [over('memory', memory.guarantee.text, memory.limit.text)]
          : []),
      ];
    }),
};

export const defaultProfile: SiteRule = {
  id: 'AF-JH-06',
  why: 'Of two profiles that are chosen already, users get one of them by luck.',
  check({ jupyterhub }) {
    const first = jupyterhub?.profiles.findIndex((profile) => profile.default) ?? -1;
    return each(jupyterhub?.profiles, (profile, path): Finding[] => {
      if (!profile.default || path.at(-1) === first) return [];
      const at = [...path, 'default'];
      const expected = `one profile with default: true; profile ${String(first + 1)} has it already`;
      return [{ path: at, expected, got: 'true', fix: { kind: 'set', path: at, value: false } }];
    });
  },
};

/** The registry in plain text, so that no other host fits; then anything, to the very end. */
const ANCHORED = /^\^(?:[a-z0-9-]+\\\.)+[a-z0-9-]+(?::\d+)?\/.*[^\\]\$$/;

function isAnchored(pattern: string): boolean {
  // A choice outside of brackets would have an end without an anchor.
  const outside = pattern
    .replace(/\\./g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\([^()]*\)/g, '');
  return ANCHORED.test(pattern) && !outside.includes('|') && compiles(pattern);
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

export const imagePatterns: SiteRule = {
  id: 'AF-JH-07',
  why: 'A pattern without anchors, or with a dot that is not escaped, lets images of foreign registries run beside the homes of users.',
  check: ({ jupyterhub }) =>
    each(jupyterhub?.profiles, ({ unlistedImages }, path): Finding[] => {
      if (unlistedImages === undefined || isAnchored(unlistedImages)) return [];
      const at = [...path, 'unlistedImages'];
      const [, host = 'registry.example.org'] = /^\^?((?:[a-z0-9-]+\\?\.)+[a-z]+)/.exec(unlistedImages) ?? [];
      const value = `^${host.replace(/\\/g, '').replaceAll('.', '\\.')}/[a-z0-9._/-]+:[\\w.-]+$`;
      return [
        {
          path: at,
          expected: 'a pattern that begins with ^ and the registry, its dots escaped, and ends with $',
          got: JSON.stringify(unlistedImages),
          fix: { kind: 'set', path: at, value, example: true },
        },
      ];
    }),
};

/** Why a profile does not fit a node of a pool; undefined where it does. */
function tooBig({ cpu, memory }: Profile, { allocatable }: NodePool): boolean {
  return (
    cpu.guarantee.millicores > allocatable.cpu.millicores || memory.guarantee.bytes > allocatable.memory.bytes
  );
}

export const profilesFit: SiteRule = {
  id: 'AF-JH-08',
  why: 'A notebook that no node is large enough for stays Pending until its start times out.',
  check: ({ jupyterhub, nodePools }) =>
    each(jupyterhub?.profiles, (profile, path): Finding[] => {
      const pools = profilePools(nodePools, profile);
      // Without any pool another rule says so.
      if (pools.length === 0 || pools.some((pool) => !tooBig(profile, pool))) return [];
      const [largest] = [...pools].sort((a, b) => b.allocatable.memory.bytes - a.allocatable.memory.bytes);
      if (!largest) return [];
      const { cpu, memory } = largest.allocatable;
      const key = profile.memory.guarantee.bytes > memory.bytes ? 'memory' : 'cpu';
      const at = [...path, key, 'guarantee'];
      const value = key === 'memory' ? memory.text : cpu.text;
      return [
        {
          path: at,
          expected: `at most what a node of ${largest.name} offers, ${value}`,
          got: profile[key].guarantee.text,
          fix: { kind: 'set', path: at, value },
        },
      ];
    }),
};

export const profileExperiments: SiteRule = {
  id: 'AF-JH-09',
  why: 'What only the members of an experiment may see, nobody sees while the site does not say which group they are.',
  check({ jupyterhub, experiments, storage, spark }) {
    if (!jupyterhub) return [];
    const used = new Set([
      ...jupyterhub.profiles.flatMap(({ allow }) => allow?.experiments ?? []),
      ...(storage?.shared ?? []).flatMap((volume) => volume.experiments),
      ...(spark?.experiments ?? []).map(({ name }) => name),
    ]);
    return experiments.flatMap(({ name, groups }, index): Finding[] => {
      const isFirst = experiments.findIndex((other) => other.name === name) === index;
      if (groups || !used.has(name) || !isFirst) return [];
      const path = ['experiments', index, 'groups'];
      return [
        {
          path,
          expected: `the group of the members of ${name}, because a profile, a volume or Spark is for them only`,
          got: 'nothing',
          fix: { kind: 'add', path, value: { members: `/${name}/users` }, example: true },
        },
      ];
    });
  },
};
