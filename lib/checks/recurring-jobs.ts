import { title } from '../kubernetes/object';
import { at, textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const recurringJobs: Check = {
  id: 'AF-LH-31',
  why: 'The webhook of Longhorn changes a number that does not fit the task, and Argo CD sees a difference for ever.',
  look: (output) =>
    ofKind(output, 'RecurringJob').map((job) => {
      const [task, retain] = [textAt(job, 'spec', 'task') ?? '', Number(at(job, 'spec', 'retain'))];
      const fits = /^(?:filesystem-trim|snapshot-cleanup)$/.test(task)
        ? retain === 0
        : retain >= (task === 'snapshot-delete' ? 0 : 1);
      return {
        subject: title(job),
        problems: [
          ...(fits ? [] : [`task ${task} cannot keep ${String(retain)}`]),
          ...(textAt(job, 'spec', 'name') === job.metadata.name ? [] : ['spec.name differs from its name']),
        ],
      };
    }),
};
