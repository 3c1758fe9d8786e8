import { title } from '../kubernetes/object';
import { textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const backupTargets: Check = {
  id: 'AF-LH-06',
  why: 'Longhorn writes into the backup target "default" and spells durations its own way: Argo CD would see a difference for ever.',
  look: (output) =>
    ofKind(output, 'BackupTarget').map((target) => ({
      subject: title(target),
      problems: [
        ...(target.metadata.name === 'default'
          ? ['belongs to Longhorn; the ConfigMap longhorn-default-resource sets it']
          : []),
        ...(/^(?:\d+h)?(?:\d+m)?\d+s$/.test(textAt(target, 'spec', 'pollInterval') ?? '')
          ? []
          : ['pollInterval is not written as Go does, such as 5m0s']),
      ],
    })),
};
