import { group, title } from '../kubernetes/object';
import { at, textsAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

/** Groups that every API server has. */
const BUILT_IN = /^(?:|apps|batch|policy|autoscaling|[a-z.]+\.k8s\.io)$/;

export const applicationRetry: Check = {
  id: 'AF-ARGO-19',
  why: 'Waves between Applications do not hold: each must come up by trying again, and before the kinds it uses exist.',
  needs: 'argocd',
  look: (output) =>
    ofKind(output, 'Application').map((application) => {
      const limit = at(application, 'spec', 'syncPolicy', 'retry', 'limit');
      const options = textsAt(application, 'spec', 'syncPolicy', 'syncOptions');
      const component = application.metadata.name === 'root' ? 'argocd' : application.metadata.name;
      const objects = output.components.find(({ name }) => name === component)?.objects ?? [];
      const custom = objects.find((object) => !BUILT_IN.test(group(object)));
      return {
        subject: title(application),
        problems: [
          ...(typeof limit === 'number' && limit >= 5 ? [] : ['retries fewer than 5 times']),
          ...(custom && !options.includes('SkipDryRunOnMissingResource=true')
            ? [`lacks SkipDryRunOnMissingResource=true, but has ${title(custom)}`]
            : []),
        ],
      };
    }),
};
