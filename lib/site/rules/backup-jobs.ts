import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

/** It is about Longhorn's own objects and not about volumes. */
const OF_ALL = 'system-backup';

export const backupJobs: SiteRule = {
  id: 'AF-LH-55',
  why: 'A job works on the volumes of the classes that name it: without one it does nothing, and nobody notices.',
  check({ storage }) {
    const { classes = [], backup } = storage?.longhorn ?? {};
    const jobs = backup?.jobs ?? [];
    // A class that names no job at all most likely means one of them: AF-REF-05 says so.
    const hasUnknown = classes.some((each) =>
      each.backup.some((name) => !jobs.some((job) => job.name === name)),
    );
    const unused = jobs.flatMap(({ name, task }, index): Finding[] => {
      if (task === OF_ALL || hasUnknown || classes.some((each) => each.backup.includes(name))) return [];
      const at = Math.max(
        classes.findIndex((each) => each.default),
        0,
      );
      const fix = {
        kind: 'set',
        path: ['storage', 'longhorn', 'classes', at, 'backup'],
        value: [...(classes[at]?.backup ?? []), name],
      } as const;
      const path = ['storage', 'longhorn', 'backup', 'jobs', index, 'name'];
      return [
        { path, expected: 'a job that a class names in its backup', got: `${name}, which none does`, fix },
      ];
    });
    const vain = classes.flatMap(({ backup: names }, index) =>
      names.flatMap((name, position): Finding[] => {
        if (!jobs.some((job) => job.name === name && job.task === OF_ALL)) return [];
        const path = ['storage', 'longhorn', 'classes', index, 'backup', position];
        return [
          { path, expected: 'a job on volumes', got: `${name}, a ${OF_ALL}`, fix: { kind: 'remove', path } },
        ];
      }),
    );
    return [...unused, ...vain];
  },
};
