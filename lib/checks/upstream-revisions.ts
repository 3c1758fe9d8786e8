import { title } from '../kubernetes/object';
import { textAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const upstreamRevisions: Check = {
  id: 'AF-ARGO-28',
  why: 'A tag of an upstream project can be moved under us; a commit cannot.',
  needs: 'argocd',
  look(output) {
    const applications = ofKind(output, 'Application');
    const own = applications.find(({ metadata }) => metadata.name === 'root');
    return applications.map((application) => {
      const [url, revision = ''] = [
        textAt(application, 'spec', 'source', 'repoURL'),
        textAt(application, 'spec', 'source', 'targetRevision'),
      ];
      const isOwn = url === textAt(own, 'spec', 'source', 'repoURL');
      return {
        subject: title(application),
        problems:
          isOwn || /^[0-9a-f]{40}$/.test(revision)
            ? []
            : [`follows ${revision} of ${String(url)}, which is no commit`],
      };
    });
  },
};
