import { title } from '../kubernetes/object';
import { textsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const crdApplications: Check = {
  id: 'AF-ARGO-16',
  why: 'A definition is longer than the annotation of a client-side apply, and replacing one deletes every object of its kind.',
  look: (output) =>
    ofKind(output, 'Application')
      .filter(
        ({ metadata }) =>
          metadata.name.startsWith('crds-') ||
          output.components
            .find(({ name }) => name === metadata.name)
            ?.objects.some(({ kind }) => kind === 'CustomResourceDefinition'),
      )
      .map((application) => {
        const options = textsAt(application, 'spec', 'syncPolicy', 'syncOptions');
        return {
          subject: title(application),
          problems: [
            ...['ServerSideApply=true', 'Prune=false', 'Delete=false']
              .filter((option) => !options.includes(option))
              .map((option) => `lacks ${option}`),
            ...(options.includes('Replace=true') ? ['has Replace=true'] : []),
          ],
        };
      }),
};
