import { title } from '../kubernetes/object';
import { labelsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const jobs: Check = {
  id: 'AF-ARGO-18',
  why: 'A Job cannot be changed: its second version fails the sync.',
  look: (output) =>
    ofKind(output, 'Job').map((job) => {
      const policy = labelsAt(job, 'metadata', 'annotations')['argocd.argoproj.io/hook-delete-policy'] ?? '';
      const fine = policy.includes('BeforeHookCreation') || /-[0-9a-f]{8,}$/.test(job.metadata.name);
      return {
        subject: title(job),
        problems: fine ? [] : ['is neither a hook that is replaced nor named after its content'],
      };
    }),
};
