import { at, textAt, type Fields } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { mustKubectl } from '../cluster/kubectl';
import { waitFor } from '../cluster/suite';
import type { Container } from '../jupyterhub/pods';
import { pythonOf } from '../jupyterhub/python/environment';

const USERS = 'jupyterhub-users';

/** Who starts a notebook, and what with. */
export interface Person {
  readonly user: string;
  readonly experiment: string;
  /** Whose Spark was chosen beside the profile. @default none */
  readonly spark?: string;
}

/**
 * Notebooks as KubeSpawner makes them of the hub's configuration in dist: labels, account, token, configuration. There
 * is no hub, so nothing is served in them, and a program of the suite stands in for the kernel.
 */
export async function startNotebooks(site: Site, people: readonly Person[]): Promise<readonly Container[]> {
  const [profile = ''] = site.spark?.profiles ?? [];
  const cases = people.map(({ user, experiment, spark }) => ({
    user,
    groups: site.experiments.flatMap(({ name, groups }) =>
      name === experiment && groups ? [groups.members] : [],
    ),
    options: { profile, ...(spark === undefined ? {} : { spark }) },
  }));
  const made = JSON.parse(pythonOf(['print_pods.py', site.site.name], JSON.stringify(cases))) as readonly {
    readonly pod: Fields;
    readonly claim: Fields;
  }[];
  const pods = made.map(({ pod, claim }) => {
    for (const object of [claim, idle(pod)])
      mustKubectl(['create', `--namespace=${USERS}`, '--filename=-'], JSON.stringify(object));
    return textAt(pod, 'metadata', 'name') ?? '';
  });
  await waitFor('the notebooks run', 120, () => pods.flatMap((pod) => (addressOf(pod) === '' ? [pod] : [])));
  return pods.map((pod) => ({ namespace: USERS, pod, container: 'notebook', address: addressOf(pod) }));
}

/** The pod with a program that waits in the place of the server. */
function idle(pod: Fields): object {
  const spec = at(pod, 'spec') as Readonly<Record<string, unknown>>;
  const [container] = spec['containers'] as readonly object[];
  return { ...pod, spec: { ...spec, containers: [{ ...container, args: ['sleep', 'infinity'] }] } };
}

function addressOf(pod: string): string {
  const answer: unknown = JSON.parse(
    mustKubectl(['get', 'pod', pod, `--namespace=${USERS}`, '--output=json']),
  );
  return textAt(answer, 'status', 'phase') === 'Running' ? (textAt(answer, 'status', 'podIP') ?? '') : '';
}
