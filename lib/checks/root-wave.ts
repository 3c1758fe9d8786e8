import { title } from '../kubernetes/object';
import { waveOf } from '../kubernetes/wave';
import { ofKind, type Check } from './check';

export const rootWave: Check = {
  id: 'AF-ARGO-43',
  why: 'The root holds itself: in a wave before another it waits for itself, and what comes later is never made.',
  needs: 'argocd',
  look(output) {
    const applications = ofKind(output, 'Application');
    const [last = 0] = applications
      .filter(({ metadata }) => metadata.name !== 'root')
      .map(waveOf)
      .sort((a, b) => b - a);
    return applications
      .filter(({ metadata }) => metadata.name === 'root')
      .map((root) => ({
        subject: title(root),
        problems:
          waveOf(root) > last
            ? []
            : [`is in wave ${String(waveOf(root))}, and others are in ${String(last)}`],
      }));
  },
};
