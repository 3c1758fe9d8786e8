import { title } from '../kubernetes/object';
import { everyMapping } from '../kubernetes/read';
import { placed, type Check } from './check';

export const caBundles: Check = {
  id: 'AF-ARGO-10',
  why: 'A caBundle in git, even an empty one, wipes the one that cert-manager or Longhorn put into the cluster.',
  needs: 'argocd',
  look: (output) =>
    placed(output).map(({ object }) => ({
      subject: title(object),
      problems: [...everyMapping(object)].some((mapping) => 'caBundle' in mapping) ? ['states caBundle'] : [],
    })),
};
