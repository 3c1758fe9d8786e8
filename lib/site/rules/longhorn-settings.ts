import type { Finding } from '../problem';
import type { SiteRule } from '../rule';
import { storageNodes } from '../storage-plan';

export const longhornSettings: SiteRule = {
  id: 'AF-LH-56',
  why: 'A setting that says something else than the disks and nodes that are declared wins over them, and capacity is planned on what is not so.',
  check({ nodePools, storage }) {
    const settings = storage?.longhorn.settings ?? {};
    const disk = nodePools.flatMap(({ longhornDisks }) => longhornDisks)[0];
    const nodes = storageNodes(nodePools);
    const contradiction = (key: string, isRight: (text: string) => boolean, expected: string): Finding[] => {
      const text = settings[key];
      if (text === undefined || isRight(text)) return [];
      const path = ['storage', 'longhorn', 'settings', key];
      return [{ path, expected, got: text, fix: { kind: 'remove', path } }];
    };
    if (!disk) return [];
    const plain = (path: string) => path.replace(/\/+$/, '');
    return [
      ...contradiction(
        'default-data-path',
        (text) => plain(text) === plain(disk.path),
        `the path of longhornDisks, ${disk.path}, from which it is taken`,
      ),
      ...contradiction(
        'storage-reserved-percentage-for-default-disk',
        (text) => Number(text) === disk.reserved,
        `the share that longhornDisks reserve, ${String(disk.reserved)}, from which it is taken`,
      ),
      ...contradiction(
        'create-default-disk-labeled-nodes',
        (text) => text === 'true',
        'true: only nodes of pools with the role storage get a disk',
      ),
      ...contradiction(
        'default-replica-count',
        (text) => [...text.matchAll(/\d+(?=")/g)].every(([count]) => Number(count) <= nodes),
        `at most ${String(nodes)}, the number of storage nodes`,
      ),
    ];
  },
};

const UPGRADES = 'concurrent-automatic-engine-upgrade-per-node-limit';

export const engineUpgrades: SiteRule = {
  id: 'AF-LH-57',
  why: 'Engines stay at the old version after an upgrade through git unless Longhorn may upgrade them by itself.',
  check({ storage }) {
    if (storage?.longhorn.settings[UPGRADES] !== '0') return [];
    const path = ['storage', 'longhorn', 'settings', UPGRADES];
    const expected =
      '1 or more: the upgrade of Longhorn is a change in git, which nobody follows volume by volume';
    return [{ path, expected, got: '0', fix: { kind: 'remove', path } }];
  },
};
