import { title } from '../kubernetes/object';
import { at, everyMapping, labelsAt } from '../kubernetes/read';
import { ofKind, placed, type Check } from './check';

const wave = (object: unknown) =>
  Number(labelsAt(object, 'metadata', 'annotations')['argocd.argoproj.io/sync-wave'] ?? 0);

export const claimWaves: Check = {
  id: 'AF-ARGO-12',
  why: 'A claim that waits for its first pod, in a wave before the pod, waits for ever.',
  look: (output) =>
    ofKind(output, 'PersistentVolumeClaim').map((claim) => ({
      subject: title(claim),
      problems: placed(output).flatMap(({ object }) => {
        // Wherever the pod stands: in a Deployment, a CronJob, or a hook that is a bare Pod.
        const uses =
          object.metadata.namespace === claim.metadata.namespace &&
          [...everyMapping(object)].some(
            (volume) => at(volume, 'persistentVolumeClaim', 'claimName') === claim.metadata.name,
          );
        return uses && wave(object) !== wave(claim) ? [`${title(object)} mounts it in another wave`] : [];
      }),
    })),
};
