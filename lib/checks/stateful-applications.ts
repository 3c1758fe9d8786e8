import { title } from '../kubernetes/object';
import { at, labelsAt, textsAt } from '../kubernetes/read';
import { ofKind, type Check, type SiteOutput } from './check';

/** Components whose objects may come and go without loss. */
const STATELESS = ['cert-manager', 'user-scheduler', 'image-pullers', 'spark'];

/** Components whose Application may prune, because each object with data asks an admin first. */
const ASKS_FIRST = ['htcondor'];
const WITH_DATA = ['StatefulSet', 'PersistentVolumeClaim'];

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
          ...(at(application, 'spec', 'syncPolicy', 'automated', 'prune') === true
            ? pruned(application.metadata.name, output)
            : []),
        ],
      })),
};

function pruned(name: string, output: SiteOutput): string[] {
  if (name === 'root') return [];
  if (!ASKS_FIRST.includes(name)) return ['prunes'];
  return (output.components.find((component) => component.name === name)?.objects ?? [])
    .filter(({ kind }) => WITH_DATA.includes(kind))
    .filter(
      (object) =>
        !/Prune=(?:false|confirm)/.test(
          labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-options'] ?? '',
        ),
    )
    .map((object) => `prunes ${title(object)} without asking`);
}
