import { title } from '../kubernetes/object';
import { at, everyMapping } from '../kubernetes/read';
import { waveOf } from '../kubernetes/wave';
import { ofKind, placed, type Check } from './check';

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
        return uses && waveOf(object) !== waveOf(claim) ? [`${title(object)} mounts it in another wave`] : [];
      }),
    })),
};
