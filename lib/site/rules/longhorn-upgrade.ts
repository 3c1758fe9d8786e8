import { RELEASE } from '../../longhorn/release';
import { upgradePath } from '../../longhorn/upgrade';
import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const longhornUpgrade: SiteRule = {
  id: 'AF-LH-53',
  why: 'Longhorn neither skips a minor version nor goes back: the new manager refuses to start on every node at once.',
  check({ storage }): Finding[] {
    const running = storage?.longhorn.runningVersion;
    if (running === undefined) return [];
    const verdict = upgradePath(running, RELEASE.version);
    if (verdict.allowed) return [];
    const path = ['storage', 'longhorn', 'runningVersion'];
    const hop = verdict.path.at(-2);
    const value = (hop ?? RELEASE.version).replace(/^v/, '').replace(/\.x$/, '.0');
    return [
      {
        path,
        expected: `a version from which ${RELEASE.version} may be reached: ${verdict.reason}`,
        got: JSON.stringify(running),
        before:
          hop === undefined
            ? `follow a revision of this repository that has Longhorn ${running} or newer, or look the number up again`
            : `follow older revisions of this repository until ${hop} runs (docs/runbooks/longhorn-upgrade.md)`,
        fix: { kind: 'set', path, value },
      },
    ];
  },
};
