import { title } from '../kubernetes/object';
import { listAt } from '../kubernetes/read';
import { ofKind, type Check } from './check';

export const httpRoutes: Check = {
  id: 'AF-ARGO-08',
  why: 'The API server fills in what a route does not state, and Argo CD sees a difference for ever.',
  look: (output) =>
    ofKind(output, 'HTTPRoute').map((route) => {
      const rules = listAt(route, 'spec', 'rules');
      const states = (of: readonly Readonly<Record<string, unknown>>[], ...keys: string[]) =>
        of.every((item) => keys.every((key) => key in item));
      return {
        subject: title(route),
        problems: [
          ...(states(listAt(route, 'spec', 'parentRefs'), 'group', 'kind')
            ? []
            : ['parentRefs must state group and kind']),
          ...(states(rules, 'matches') ? [] : ['rules must state matches']),
          ...(rules.every((rule) => states(listAt(rule, 'backendRefs'), 'group', 'kind', 'weight'))
            ? []
            : ['backendRefs must state group, kind and weight']),
        ],
      };
    }),
};
