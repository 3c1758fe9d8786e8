import { title } from '../kubernetes/object';
import { at, listAt, textAt, textsAt } from '../kubernetes/read';
import { ofKind, type Check, type Verdict } from './check';
import { hubFile } from './notebook-pods';

/** What a driver does to executors. */
const CALLS = ['get', 'list', 'watch', 'create', 'delete', 'deletecollection'];

export const notebookRights: Check = {
  id: 'AF-SPARK-41',
  why: 'Code of users has the rights of its notebook: it must make pods in the namespace of its own experiment and nowhere else, and read no Secret.',
  needs: 'spark',
  look(output) {
    const spawner = at(hubFile(ofKind(output, 'ConfigMap')), 'traits', 'KubeSpawner');
    const tokens = at(spawner, 'automount_service_account_token');
    return [
      ...(spawner === undefined
        ? []
        : [
            {
              subject: 'af.json, KubeSpawner',
              problems: tokens === false ? [] : ['gives every notebook a token'],
            },
          ]),
      ...ofKind(output, 'RoleBinding', 'ClusterRoleBinding').flatMap((binding): Verdict[] => {
        const users = listAt(binding, 'subjects').filter(
          (subject) => subject['namespace'] === 'jupyterhub-users',
        );
        const { namespace } = binding.metadata;
        const role = ofKind(output, 'Role').find(
          ({ metadata }) =>
            metadata.name === textAt(binding, 'roleRef', 'name') && metadata.namespace === namespace,
        );
        const excess = listAt(role, 'rules').flatMap((rule) =>
          textsAt(rule, 'resources').flatMap((resource) =>
            textsAt(rule, 'verbs')
              .filter((verb) => resource !== 'pods' || !CALLS.includes(verb))
              .map((verb) => `may ${verb} ${resource}`),
          ),
        );
        return users.map((subject) => ({
          subject: `${title(binding)} → ${String(subject['name'])}`,
          problems: [
            ...(namespace === subject['name'] ? [] : ['is not in the namespace of its experiment']),
            ...(role ? excess : ['binds a role that is not in dist']),
          ],
        }));
      }),
    ];
  },
};
