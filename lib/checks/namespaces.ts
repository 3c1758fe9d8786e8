import { title } from '../kubernetes/object';
import { at, textsAt } from '../kubernetes/read';
import { ofKind, placed, type Check } from './check';

export const namespaces: Check = {
  id: 'AF-ARGO-14',
  why: 'A namespace that two Applications own, or that Argo CD makes by itself, is deleted with everything in it when one of them goes.',
  needs: 'namespaces',
  look(output) {
    const all = placed(output).filter(({ object }) => object.kind === 'Namespace');
    return [
      ...all.map(({ component, object }) => ({
        subject: title(object),
        problems: [
          ...(component === 'namespaces' ? [] : [`is in component ${component}, not in namespaces`]),
          ...(all.filter((other) => other.object.metadata.name === object.metadata.name).length > 1
            ? ['is there more than once']
            : []),
        ],
      })),
      ...ofKind(output, 'Application').map((application) => {
        const options = textsAt(application, 'spec', 'syncPolicy', 'syncOptions');
        return {
          subject: title(application),
          problems: [
            ...(options.includes('CreateNamespace=true') ? ['creates namespaces by itself'] : []),
            ...(at(application, 'spec', 'syncPolicy', 'managedNamespaceMetadata') === undefined
              ? []
              : ['manages metadata of namespaces']),
            ...(options.includes('FailOnSharedResource=true') ? [] : ['lacks FailOnSharedResource=true']),
          ],
        };
      }),
    ];
  },
};
