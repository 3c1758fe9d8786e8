import { title } from '../kubernetes/object';
import { at, listAt, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const backupTargets: Check = {
  id: 'AF-LH-06',
  why: 'Longhorn writes into the backup target "default" and spells durations its own way: Argo CD would see a difference for ever.',
  look(output) {
    const ignored = ofKind(output, 'Application')
      .flatMap((application) => listAt(application, 'spec', 'ignoreDifferences'))
      .filter((entry) => entry['group'] === 'longhorn.io' && entry['kind'] === 'BackupTarget')
      .map((entry) => JSON.stringify(at(entry, 'jsonPointers')));
    return ofKind(output, 'BackupTarget').map((target) => ({
      subject: title(target),
      problems: [
        ...(target.metadata.name === 'default'
          ? ['belongs to Longhorn; the ConfigMap longhorn-default-resource sets it']
          : []),
        ...(/^(?:\d+h)?(?:\d+m)?\d+s$/.test(textAt(target, 'spec', 'pollInterval') ?? '')
          ? []
          : ['pollInterval is not written as Go does, such as 5m0s']),
        ...(ignored.some((pointers) => pointers.includes('/spec/syncRequestedAt'))
          ? []
          : ['no Application ignores /spec/syncRequestedAt, which Longhorn writes at every poll']),
      ],
    }));
  },
};
