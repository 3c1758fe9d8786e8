import traits from '../jupyterhub/traits.json';
import type { KubernetesObject } from '../kubernetes/object';
import {
  at,
  everyMapping,
  isFields,
  labelsAt,
  listAt,
  textAt,
  textsAt,
  type Fields,
} from '../kubernetes/read';
import { ofKind, type Check, type SiteOutput, type Verdict } from './check';
import { gpuNodes, gpuNodesOfTerm, isOpenTo } from './gpu-nodes';

/** The ConfigMap of the hub, and what its af.json says. */
function configurations(output: SiteOutput): { readonly map: KubernetesObject; readonly af: unknown }[] {
  return ofKind(output, 'ConfigMap').flatMap((map) => {
    const text = textAt(map, 'data', 'af.json');
    return text === undefined ? [] : [{ map, af: parsed(text) }];
  });
}

function parsed(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

const known: Readonly<Record<string, readonly string[]>> = traits.traits;

function unknownTraits(className: string, settings: unknown): string[] {
  const names = isFields(settings) ? Object.keys(settings) : [];
  return names.filter((name) => known[className]?.includes(name) !== true);
}

export const hubSettings: Check = {
  id: 'AF-JH-40',
  why: 'A setting that JupyterHub or KubeSpawner does not have is ignored without a word: the profile looks right and does nothing.',
  needs: 'jupyterhub',
  look: (output) =>
    configurations(output).flatMap(({ af }) => {
      const classes = at(af, 'traits');
      const overrides = [...everyMapping(at(af, 'profiles'))].filter(
        (each) => 'kubespawner_override' in each,
      );
      const ofSpark = listAt(af, 'spark', 'experiments');
      return [
        ...Object.entries(isFields(classes) ? classes : {}).map(([name, settings]) => ({
          subject: `af.json, ${name}`,
          problems: unknownTraits(name, settings).map((trait) => `there is no setting ${trait}`),
        })),
        ...overrides.map((each) => ({
          subject: `af.json, ${textAt(each, 'slug') ?? textAt(each, 'display_name') ?? 'a choice'}`,
          problems: unknownTraits('KubeSpawner', each['kubespawner_override']).map(
            (trait) => `KubeSpawner has no setting ${trait}`,
          ),
        })),
        ...ofSpark.map((each) => ({
          subject: `af.json, Spark of ${textAt(each, 'name') ?? 'an experiment'}`,
          problems: unknownTraits('KubeSpawner', each['override']).map(
            (trait) => `KubeSpawner has no setting ${trait}`,
          ),
        })),
      ];
    }),
};

const WHOLE = /^nvidia\.com\/(?:gpu|mig-)/;

function gpuProblems(output: SiteOutput, override: unknown): string[] {
  const resources = Object.keys(labelsAt(override, 'extra_resource_limits')).filter((key) => WHOLE.test(key));
  const hidden = labelsAt(override, 'environment')['NVIDIA_VISIBLE_DEVICES'] === 'void';
  if (resources.length === 0) return hidden ? [] : ['asks for no GPU and sees those of its node'];
  const selector = labelsAt(override, 'node_selector');
  const affinity = listAt(override, 'node_affinity_required');
  const terms = [
    Object.keys(selector),
    ...affinity.map((term) => listAt(term, 'matchExpressions').flatMap((each) => textAt(each, 'key') ?? [])),
  ].filter((keys) => keys.length > 0);
  const nodes =
    affinity.length > 0
      ? affinity.flatMap((term) => gpuNodesOfTerm(output, term))
      : gpuNodes(output, selector);
  const open = nodes.some(isOpenTo(listAt(override, 'tolerations')));
  const pinned = terms.length > 0 && terms.every((keys) => keys.includes('nvidia.com/gpu.product'));
  return [
    ...(resources.length > 1 ? ['asks for two kinds of GPUs'] : []),
    ...(pinned ? [] : ['asks for a GPU of any model']),
    ...(open ? [] : ['asks for a GPU and does not tolerate the taints of its nodes']),
  ];
}

export const profileGpus: Check = {
  id: 'AF-GPU-41',
  why: 'A notebook with a GPU needs resource, node selector and toleration together; one without must see no GPU.',
  needs: 'jupyterhub',
  look: (output) =>
    configurations(output).flatMap(({ af }) =>
      listAt(af, 'profiles').map((entry) => ({
        subject: `profile ${textAt(entry, 'profile', 'slug') ?? ''}`,
        problems: gpuProblems(output, at(entry, 'profile', 'kubespawner_override')),
      })),
    ),
};

/** What KubeSpawner calls, by resource. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  pods: ['list', 'watch', 'create', 'delete'],
  persistentvolumeclaims: ['get', 'create'],
  events: ['list', 'watch'],
};

function excess(rule: Fields): string[] {
  return textsAt(rule, 'resources').flatMap((resource) =>
    textsAt(rule, 'verbs')
      .filter((verb) => CALLS[resource]?.includes(verb) !== true)
      .map((verb) => `may ${verb} ${resource}, which KubeSpawner never does`),
  );
}

/** Roles that are bound to the hub. */
export const hubRole: Check = {
  id: 'AF-JH-42',
  why: 'Who breaks into the hub has its rights: it must read no Secret and delete no home.',
  needs: 'jupyterhub',
  look: (output) =>
    ofKind(output, 'RoleBinding', 'ClusterRoleBinding')
      .filter((binding) =>
        listAt(binding, 'subjects').some(
          (subject) => subject['name'] === 'hub' && subject['namespace'] === 'jupyterhub',
        ),
      )
      .map((binding): Verdict => {
        const name = textAt(binding, 'roleRef', 'name');
        const role = ofKind(output, 'Role').find(
          ({ metadata }) => metadata.name === name && metadata.namespace === binding.metadata.namespace,
        );
        return {
          subject: `${binding.kind} ${binding.metadata.name}`,
          problems: [
            ...(binding.metadata.namespace === 'jupyterhub-users'
              ? []
              : ['is not only for the users’ namespace']),
            ...listAt(role, 'rules').flatMap(excess),
          ],
        };
      }),
};
