import type { k8s } from 'cdk8s-plus-27';
import { driverDeployerDeployment } from './driver-deployer';
import { managerDaemonSet } from './manager';
import { DRIVER_DEPLOYER_RESOURCES, MANAGER_RESOURCES, UI_RESOURCES } from './pod';
import { IMAGES, RELEASE } from './release';
import { services } from './services';
import { uiDeployment } from './ui';

const imagePullSecret = undefined;

const PODS = [
  managerDaemonSet({ imagePullSecret, taints: [], resources: MANAGER_RESOURCES }),
  driverDeployerDeployment({ imagePullSecret, resources: DRIVER_DEPLOYER_RESOURCES }),
  uiDeployment({ imagePullSecret, replicas: 2, resources: UI_RESOURCES }),
].flatMap(({ spec }) => (spec?.template.spec ? [spec.template.spec] : []));

const CONTAINERS: k8s.Container[] = PODS.flatMap(({ containers, initContainers = [] }) => [
  ...containers,
  ...initContainers,
]);

test('three kinds of pods with five containers are looked at', () => {
  expect([PODS.length, CONTAINERS.length]).toEqual([3, 5]);
});

test.each(CONTAINERS.map((container) => [container.name, container] as const))(
  '%s requests processor and memory, and has a memory limit',
  (_, { resources }) => {
    expect(Object.keys(resources?.requests ?? {})).toEqual(['cpu', 'memory']);
    expect(Object.keys(resources?.limits ?? {})).toContain('memory');
  },
);

test('only the manager is privileged; nothing else may gain privileges', () => {
  const privileged = CONTAINERS.filter(({ securityContext }) => securityContext?.privileged === true);
  expect(privileged.map(({ name }) => name)).toEqual(['longhorn-manager']);
  for (const { securityContext } of CONTAINERS.filter((container) => !privileged.includes(container))) {
    expect(securityContext?.allowPrivilegeEscalation).toBe(false);
  }
});

test('every pod names its service account and the priority class', () => {
  for (const pod of PODS) {
    expect(pod.serviceAccountName).toMatch(/^longhorn-.*service-account$/);
    expect(pod.priorityClassName).toBe('longhorn-critical');
  }
});

test('every port of a container or service states its name and protocol', () => {
  const ports = [
    ...CONTAINERS.flatMap(({ ports = [] }) => ports),
    ...services().flatMap(({ spec }) => spec?.ports ?? []),
  ];
  expect(ports).toHaveLength(8);
  for (const { name, protocol } of ports)
    expect([name, protocol]).toEqual([expect.stringMatching(/./), 'TCP']);
});

test('every image of the release is used, and those of Longhorn itself carry its version', () => {
  const text = JSON.stringify(CONTAINERS);
  for (const image of Object.values(IMAGES)) expect(text).toContain(`"${image}"`);
  const own = Object.values(IMAGES).filter((image) => /\/(longhorn-|backing-image)/.test(image));
  expect(own).toHaveLength(6);
  for (const image of own) expect(image.endsWith(`:${RELEASE.version}`)).toBe(true);
});

test('the manager checks at start that the hop from the running version is allowed', () => {
  expect(CONTAINERS.find(({ name }) => name === 'longhorn-manager')?.command).toContain(
    '--upgrade-version-check',
  );
});
