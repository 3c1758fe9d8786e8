import { title } from '../kubernetes/object';
import { textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const engineUpgrade: Check = {
  id: 'AF-LH-30',
  why: 'Engines stay at the old version after an upgrade through git unless Longhorn may upgrade them by itself.',
  needs: 'longhorn',
  look: (output) =>
    ofKind(output, 'ConfigMap')
      .filter(({ metadata }) => metadata.name === 'longhorn-default-setting')
      .map((object) => ({
        subject: title(object),
        problems: /^concurrent-automatic-engine-upgrade-per-node-limit: "[1-9]\d*"$/m.test(
          textAt(object, 'data', 'default-setting.yaml') ?? '',
        )
          ? []
          : ['lets Longhorn upgrade no engine by itself'],
      })),
};
