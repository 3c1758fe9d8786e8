import { group, title } from '../kubernetes/object';
import { listAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const ignoredDifferences: Check = {
  id: 'AF-ARGO-09',
  why: 'An entry for a group or kind that the component does not have is a silent no-op.',
  look: (output) =>
    ofKind(output, 'Application').flatMap((application) => {
      const objects = output.components.find(({ name }) => name === application.metadata.name)?.objects ?? [];
      return listAt(application, 'spec', 'ignoreDifferences').map((entry) => ({
        subject: title(application),
        problems: objects.some(
          (object) => group(object) === (entry['group'] ?? '') && object.kind === entry['kind'],
        )
          ? []
          : [
              `ignores differences of ${String(entry['group'])}/${String(entry['kind'])}, which it does not have`,
            ],
      }));
    }),
};
