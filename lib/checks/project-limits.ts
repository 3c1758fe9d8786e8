import { group, title, type KubernetesObject } from '../kubernetes/object';
import { listAt, textAt, type Fields } from '../kubernetes/read';
import { ofKind, type Check } from './check';

/** Kinds without a namespace, of those that we make. */
const CLUSTER_SCOPED = [
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterIssuer',
  'PriorityClass',
  'StorageClass',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

/** Whether a project allows a namespace; of globs there is only the star at the end. */
function allowsNamespace(project: KubernetesObject, namespace: string | undefined): boolean {
  return listAt(project, 'spec', 'destinations').some((place) => {
    const allowed = textAt(place, 'namespace');
    return allowed?.endsWith('*') === true
      ? namespace?.startsWith(allowed.slice(0, -1)) === true
      : allowed === namespace;
  });
}

function matches(entries: readonly Fields[], object: KubernetesObject): boolean {
  return entries.some(
    (entry) =>
      [group(object), '*'].includes(String(entry['group'])) &&
      [object.kind, '*'].includes(String(entry['kind'])),
  );
}

function refusal(project: KubernetesObject | undefined, object: KubernetesObject): string[] {
  if (!project) return ['its project does not exist'];
  const by = `project ${project.metadata.name}`;
  if (CLUSTER_SCOPED.includes(object.kind)) {
    return matches(listAt(project, 'spec', 'clusterResourceWhitelist'), object)
      ? []
      : [`${by} does not allow the kind`];
  }
  const { namespace } = object.metadata;
  const allowed = listAt(project, 'spec', 'namespaceResourceWhitelist');
  return [
    ...(allowsNamespace(project, namespace) ? [] : [`${by} does not allow namespace ${String(namespace)}`]),
    ...(matches(listAt(project, 'spec', 'namespaceResourceBlacklist'), object)
      ? [`${by} forbids the kind`]
      : []),
    ...(allowed.length > 0 && !matches(allowed, object) ? [`${by} does not allow the kind`] : []),
  ];
}

export const projectLimits: Check = {
  id: 'AF-ARGO-40',
  why: 'Argo CD refuses a whole Application for one object that its project does not allow.',
  needs: 'argocd',
  look(output) {
    const projects = ofKind(output, 'AppProject');
    return ofKind(output, 'Application').flatMap((application) => {
      const project = projects.find(
        ({ metadata }) => metadata.name === textAt(application, 'spec', 'project'),
      );
      const component = application.metadata.name === 'root' ? 'argocd' : application.metadata.name;
      const objects = output.components.find(({ name }) => name === component)?.objects ?? [];
      const destination = textAt(application, 'spec', 'destination', 'namespace');
      const admitted = project && allowsNamespace(project, destination);
      const own = {
        subject: title(application),
        problems:
          admitted === true ? [] : [`its destination ${String(destination)} is not one of its project`],
      };
      return [
        own,
        ...objects.map((object) => ({
          subject: `${application.metadata.name}: ${title(object)}`,
          problems: refusal(project, object),
        })),
      ];
    });
  },
};
