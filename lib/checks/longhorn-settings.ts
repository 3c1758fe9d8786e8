import { title } from '../kubernetes/object';
import { listAt, textAt } from '../kubernetes/read';
import { isSettingKey } from '../longhorn/settings';
import { ofKind, type Check } from './check';

export const longhornSettings: Check = {
  id: 'AF-LH-07',
  why: 'A setting that is unknown, or that Argo CD is told to ignore, is never applied, and everything looks fine.',
  needs: 'longhorn',
  look: (output) => [
    ...ofKind(output, 'Setting').map((object) => ({
      subject: title(object),
      problems: ['settings belong into longhorn-default-setting'],
    })),
    ...ofKind(output, 'ConfigMap')
      .filter(({ metadata }) => metadata.name === 'longhorn-default-setting')
      .flatMap((object) => [
        ...(textAt(object, 'data', 'default-setting.yaml') ?? '').matchAll(/^([^:\n]+):/gm),
      ])
      .map(([, key = '']) => ({
        subject: `setting ${key}`,
        problems: isSettingKey(key) ? [] : ['is unknown to this release'],
      })),
    ...ofKind(output, 'Application').flatMap((application) =>
      listAt(application, 'spec', 'ignoreDifferences').map((entry) => ({
        subject: title(application),
        problems:
          entry['kind'] === 'ConfigMap' || entry['kind'] === 'Setting'
            ? [`ignores differences of ${entry['kind']}`]
            : [],
      })),
    ),
  ],
};
