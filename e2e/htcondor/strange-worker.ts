import { at, listAt, type Fields } from '../../lib/kubernetes/read';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { EXECUTE_NAMESPACE, type Place } from './pool';
import { secretObject } from './secrets';

/** What is different from a worker of the pool. */
export interface Difference {
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly group?: string;
}

/** Starts a worker as the pool has them, with another token; it belongs to no Deployment. */
export function startStrangeWorker(
  name: string,
  token: string,
  { env = {}, group = 'cpu' }: Difference = {},
): Place {
  const deployment = JSON.parse(
    mustKubectl(['get', 'deployments', `--namespace=${EXECUTE_NAMESPACE}`, '--output=json']),
  ) as unknown;
  const [first] = listAt(deployment, 'items');
  const chosen = listAt(deployment, 'items').find(
    (each) => at(each, 'metadata', 'name') === `execute-${group}`,
  );
  const spec = at(chosen ?? first, 'spec', 'template', 'spec') as Fields;
  const pod = `strange-${name}`;
  const volumes = listAt(spec, 'volumes').map((volume) =>
    volume['name'] === 'secret' ? { ...volume, secret: { secretName: pod, defaultMode: 0o400 } } : volume,
  );
  const containers = listAt(spec, 'containers').map((container) => ({
    ...container,
    env: [...listAt(container, 'env'), ...Object.entries(env).map(([key, value]) => ({ name: key, value }))],
  }));
  applyObjects([
    secretObject(EXECUTE_NAMESPACE, pod, { execute: token }),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: pod,
        namespace: EXECUTE_NAMESPACE,
        // Policies find it; the Deployment does not.
        labels: { 'app.kubernetes.io/name': 'htcondor', 'app.kubernetes.io/component': 'execute' },
      },
      spec: { ...spec, containers, volumes, restartPolicy: 'Never' },
    },
  ]);
  return { namespace: EXECUTE_NAMESPACE, pod, container: 'execute' };
}
