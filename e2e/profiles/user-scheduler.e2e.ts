import YAML from 'yaml';
import { readPrograms } from '../../lib/commands/read-programs';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { textAt } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { synthesise } from '../../lib/synthesise';
import { readSite, up } from '../cluster/cluster';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { stopAll } from '../cluster/processes';
import { applyDist, collectLogs, waitFor } from '../cluster/suite';
import { podsOf } from '../jupyterhub/pods';
import { say } from '../suite/look';
import { startUserScheduler } from './user-scheduler';

const NAME = 'two-experiments';
const USERS = 'jupyterhub-users';
const NOTEBOOKS = 6;

/** A site without one, as it is with one. */
function withScheduler(): Site {
  const site = readSite(NAME);
  if (!site.jupyterhub) throw new Error(`${NAME} has no hub`);
  return { ...site, jupyterhub: { ...site.jupyterhub, userScheduler: true } };
}

/** Pods that ask for what a small notebook asks for, on the nodes of users; `scheduler` places them. */
function notebooks(scheduler: string): object[] {
  return Array.from({ length: NOTEBOOKS }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${scheduler}-${String(index)}`, namespace: USERS, labels: { by: scheduler } },
    spec: {
      schedulerName: scheduler,
      nodeSelector: { 'analysis-facility/pool': 'cpu' },
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'notebook',
          image: 'example.org/notebook:1',
          resources: { requests: { cpu: '1', memory: '6Gi' }, limits: { cpu: '2', memory: '8Gi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  }));
}

beforeAll(async () => {
  const site = withScheduler();
  try {
    await up(site, say);
    await applyDist(NAME, ['namespaces']);
    const { files } = synthesise(site, readPrograms());
    const own = [...files].filter(
      ([file]) => file.startsWith('user-scheduler/') && !file.endsWith('/kustomization.yaml'),
    );
    await startUserScheduler(own.map(([, text]) => YAML.parse(text) as KubernetesObject));
  } catch (error) {
    say(`logs and events: ${collectLogs('user-scheduler')}`);
    throw error;
  }
});
afterAll(stopAll);

test('the user scheduler packs notebooks onto one node, where that of Kubernetes spreads them', async () => {
  const nodesOf = async (scheduler: string) => {
    for (const pod of notebooks(scheduler)) {
      applyObjects([pod]);
      const own = () => podsOf(USERS, `by=${scheduler}`);
      await waitFor('the pod has its node', 60, () =>
        own().flatMap((each) =>
          textAt(each, 'spec', 'nodeName') === undefined ? [textAt(each, 'metadata', 'name') ?? ''] : [],
        ),
      );
    }
    return podsOf(USERS, `by=${scheduler}`).map((pod) => textAt(pod, 'spec', 'nodeName'));
  };
  const packed = await nodesOf('user-scheduler');
  expect(packed).toHaveLength(NOTEBOOKS);
  expect(new Set(packed).size).toBe(1);
  mustKubectl(['delete', 'pods', `--namespace=${USERS}`, '--all', '--grace-period=0', '--force']);
  const spread = await nodesOf('default-scheduler');
  say(
    `${String(NOTEBOOKS)} notebooks: on one node by the user scheduler, on ${String(new Set(spread).size)} by that of Kubernetes`,
  );
  expect(new Set(spread).size).toBeGreaterThan(1);
});
