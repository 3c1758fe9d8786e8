import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';

export const hubHomes: SiteRule = {
  id: 'AF-JH-10',
  why: 'Without a home all that a user writes is gone when the notebook stops.',
  check({ jupyterhub, storage }) {
    if (!jupyterhub || storage?.home) return [];
    const [first] = storage?.longhorn.classes ?? [];
    const name = storage?.longhorn.classes.find((each) => each.default)?.name ?? first?.name ?? 'homes';
    const home = { class: name, size: '10Gi', expectedUsers: 20 };
    const path = storage ? ['storage', 'home'] : ['storage'];
    const value = storage ? home : { longhorn: { classes: [{ name, replicas: 1, default: true }] }, home };
    return [
      {
        path,
        expected: 'homes, because users start notebooks',
        got: 'nothing',
        fix: { kind: 'add', path, value, example: true },
      },
    ];
  },
};

/** Folders of every image; configuration, tokens and memory that notebooks share are below some of them. */
const SYSTEM = ['/bin', '/dev', '/etc', '/lib', '/lib64', '/proc', '/run', '/sbin', '/sys', '/usr'];

export const mountPaths: SiteRule = {
  id: 'AF-JH-11',
  why: 'The API server refuses a notebook with two volumes at one place, and one with a volume over the system of its image does not start.',
  check({ storage }) {
    const places: {
      readonly mount: string;
      readonly path: Path;
      readonly what: string;
      readonly own: string;
    }[] = [
      ...(storage?.home
        ? [
            {
              mount: storage.home.mountPath,
              path: ['storage', 'home', 'mountPath'],
              what: 'homes',
              own: '/home/jovyan',
            },
          ]
        : []),
      ...(storage?.cvmfs
        ? [{ mount: '/cvmfs', path: ['storage', 'cvmfs'], what: 'CVMFS', own: '/cvmfs' }]
        : []),
      ...(storage?.shared ?? []).map(({ name, mountPath }, index) => ({
        mount: mountPath ?? `/shared/${name}`,
        path: ['storage', 'shared', index, 'mountPath'],
        what: `the shared volume ${name}`,
        own: `/shared/${name}`,
      })),
    ];
    return places.flatMap(({ mount, path, own }, index): Finding[] => {
      const system = SYSTEM.find((folder) => mount === folder || mount.startsWith(`${folder}/`));
      if (system !== undefined) {
        const expected = `a place outside of ${system}, where the system of the image and files of the facility are`;
        return [{ path, expected, got: mount, fix: { kind: 'set', path, value: own } }];
      }
      const other = places.slice(0, index).find((each) => each.mount === mount);
      if (!other) return [];
      let count = 2;
      while (places.some((each) => each.mount === `${mount}-${String(count)}`)) count++;
      return [
        {
          path,
          expected: `a place of its own; ${other.what} has ${mount}`,
          got: mount,
          fix: { kind: 'set', path, value: `${mount}-${String(count)}` },
        },
      ];
    });
  },
};

export const hubMemory: SiteRule = {
  id: 'AF-JH-12',
  why: 'The API server refuses a container that asks for more memory than it may use.',
  check: ({ jupyterhub }) =>
    (jupyterhub ? (['hub', 'proxy'] as const) : []).flatMap((part): Finding[] => {
      const resources = jupyterhub?.[part].resources;
      if (!resources || resources.requests.memory.bytes <= resources.limits.memory.bytes) return [];
      const asked = resources.requests.memory.text;
      const path = ['jupyterhub', part, 'resources', 'limits'];
      return [
        {
          path,
          expected: `a memory limit of at least what is requested, ${asked}`,
          got: resources.limits.memory.text,
          fix: { kind: 'set', path, value: { memory: asked } },
        },
      ];
    }),
};
