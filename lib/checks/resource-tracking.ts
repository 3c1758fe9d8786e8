import { title } from '../kubernetes/object';
import { labelsAt, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const resourceTracking: Check = {
  id: 'AF-ARGO-24',
  why: 'Argo CD that tracks by label writes into app.kubernetes.io/instance, and breaks selectors that use it.',
  needs: 'argocd',
  look: (output) => [
    ...ofKind(output, 'ConfigMap')
      .filter(({ metadata }) => metadata.name === 'argocd-cm')
      .map((object) => ({
        subject: title(object),
        problems:
          textAt(object, 'data', 'application.resourceTrackingMethod') === 'annotation'
            ? []
            : ['does not track by annotation'],
      })),
    ...ofKind(output, 'Deployment', 'StatefulSet', 'DaemonSet').map((object) => ({
      subject: title(object),
      problems:
        'app.kubernetes.io/instance' in labelsAt(object, 'spec', 'selector', 'matchLabels')
          ? ['selects by app.kubernetes.io/instance']
          : [],
    })),
  ],
};
