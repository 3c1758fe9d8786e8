import { title } from '../kubernetes/object';
import { labelsAt, textsAt } from '../kubernetes/read';
import { placed, type Check } from './check';

export const replacedObjects: Check = {
  id: 'AF-ARGO-17',
  why: 'Force and Replace delete the object first: on a claim or a definition that is the data.',
  needs: 'argocd',
  look: (output) =>
    placed(output).map(({ object }) => {
      const options = [
        labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-options'] ?? '',
        ...(object.kind === 'Application' ? textsAt(object, 'spec', 'syncPolicy', 'syncOptions') : []),
      ].join(',');
      return {
        subject: title(object),
        problems:
          object.kind !== 'Job' && /(?:Force|Replace)=true/.test(options)
            ? [`has the sync option ${options}`]
            : [],
      };
    }),
};
