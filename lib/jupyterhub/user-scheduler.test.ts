import { at, listAt, textAt, textsAt } from '../kubernetes/read';
import { CPU_NODES, objectsOf, PROPS as HUB } from './jupyterhub.fixture';
import { SCHEDULERS, USER_SCHEDULER } from './release';
import { UserScheduler, type UserSchedulerProps } from './user-scheduler';

const PROPS: Required<UserSchedulerProps> = {
  cluster: HUB.cluster,
  image: 'registry.k8s.io/kube-scheduler:v1.34.4',
  coreNodes: [CPU_NODES],
  imagePullSecrets: ['registry'],
};
const all = objectsOf((scope) => new UserScheduler(scope, 'scheduler', PROPS));
const ofKind = (kind: string) => all.filter((object) => object.kind === kind);

test('it answers to the name that notebooks ask for, and packs them', () => {
  const [map] = ofKind('ConfigMap');
  expect(JSON.parse(textAt(map, 'data', 'config.yaml') ?? '')).toMatchObject({
    kind: 'KubeSchedulerConfiguration',
    leaderElection: { resourceNamespace: 'jupyterhub' },
    profiles: [
      {
        schedulerName: USER_SCHEDULER,
        pluginConfig: [{ args: { scoringStrategy: { type: 'MostAllocated' } } }],
      },
    ],
  });
});

test('its rights over the cluster are the cluster’s own roles for schedulers, and no others', () => {
  expect(ofKind('ClusterRole')).toEqual([]);
  expect(ofKind('ClusterRoleBinding').map((binding) => textAt(binding, 'roleRef', 'name'))).toEqual([
    'system:kube-scheduler',
    'system:volume-scheduler',
  ]);
  const [role] = ofKind('Role');
  expect(listAt(role, 'rules').flatMap((rule) => textsAt(rule, 'resources'))).toEqual(['leases', 'leases']);
});

test('it runs in the image of the cluster’s version, twice, and one of the two may be away', () => {
  const [deployment] = ofKind('Deployment');
  expect(at(deployment, 'spec', 'replicas')).toBe(2);
  expect(listAt(deployment, 'spec', 'template', 'spec', 'containers')[0]?.['image']).toBe(PROPS.image);
  expect(at(ofKind('PodDisruptionBudget')[0], 'spec', 'maxUnavailable')).toBe(1);
});

test.each(Object.entries(SCHEDULERS))('the scheduler for %s is of that minor version', (minor, image) => {
  expect(image).toMatch(
    new RegExp(`^registry\\.k8s\\.io/kube-scheduler:v${minor.replace('.', '\\.')}\\.\\d+$`),
  );
});
