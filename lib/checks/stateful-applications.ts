import { title } from '../kubernetes/object';
import { at, textsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

/** Components whose objects may come and go without loss. */
const STATELESS = ['cert-manager', 'htcondor', 'user-scheduler', 'image-pullers'];

export const statefulApplications: Check = {
  id: 'AF-ARGO-41',
  why: 'Pruning, or a finalizer on the Application, deletes what data depends on.',
  needs: 'argocd',
  look: (output) =>
    ofKind(output, 'Application')
      .filter(({ metadata }) => !STATELESS.includes(metadata.name))
      .map((application) => ({
        subject: title(application),
        problems: [
          ...textsAt(application, 'metadata', 'finalizers').map(
            (finalizer) => `has the finalizer ${finalizer}`,
          ),
          ...(application.metadata.name !== 'root' &&
          at(application, 'spec', 'syncPolicy', 'automated', 'prune') === true
            ? ['prunes']
            : []),
        ],
      })),
};
