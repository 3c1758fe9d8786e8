import { title } from '../kubernetes/object';
import { labelsAt } from '../kubernetes/read';
import { placed, type Check } from './check';

export const helmHooks: Check = {
  id: 'AF-ARGO-01',
  why: 'Argo CD runs whatever carries a Helm hook annotation: the first blocks the first sync, the last deletes every volume.',
  needs: 'argocd',
  look: (output) =>
    placed(output).map(({ object }) => ({
      subject: title(object),
      problems: [
        ...Object.keys(labelsAt(object, 'metadata', 'annotations'))
          .filter((key) => /^(?:meta\.)?helm\.sh\//.test(key))
          .map((key) => `annotation ${key}`),
        ...(object.kind === 'Job' &&
        /^longhorn-(?:pre-upgrade|post-upgrade|uninstall)$/.test(object.metadata.name)
          ? ['is a hook of the Helm chart']
          : []),
      ],
    })),
};
