import { title } from '../kubernetes/object';
import { at, listAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const volumeClaimTemplates: Check = {
  id: 'AF-ARGO-11',
  why: 'The API server fills in what a template does not state, and Argo CD sees a difference for ever.',
  look: (output) =>
    ofKind(output, 'StatefulSet').flatMap((set) =>
      listAt(set, 'spec', 'volumeClaimTemplates').map((template) => ({
        subject: title(set),
        problems: [
          ...['apiVersion', 'kind']
            .filter((key) => !(key in template))
            .map((key) => `a volumeClaimTemplate lacks ${key}`),
          ...['volumeMode', 'accessModes']
            .filter((key) => at(template, 'spec', key) === undefined)
            .map((key) => `a volumeClaimTemplate lacks spec.${key}`),
          ...('status' in template || at(template, 'metadata', 'creationTimestamp') !== undefined
            ? ['a volumeClaimTemplate has fields of the cluster']
            : []),
        ],
      })),
    ),
};
