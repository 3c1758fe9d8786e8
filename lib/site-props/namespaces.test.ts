import { facilityNamespaces } from './namespaces';
import { siteOf } from './site.fixture';

const named = (site: ReturnType<typeof siteOf>) =>
  Object.fromEntries(facilityNamespaces(site).map((namespace) => [namespace.name, namespace]));
const full = named(siteOf('full'));

test('pods are restricted, but for those of Longhorn and of jobs', () => {
  const levels = Object.values(full).map(({ name, podSecurity }) => [name, podSecurity]);
  expect(Object.fromEntries(levels)).toMatchObject({
    'cert-manager': 'restricted',
    htcondor: 'restricted',
    jupyterhub: 'restricted',
    'jupyterhub-users': 'restricted',
  });
  expect(levels.filter(([, level]) => level !== 'restricted')).toEqual([
    ['longhorn-system', 'privileged'],
    ['htcondor-execute', 'baseline'],
  ]);
});

test('users get as much as the nodes of the profiles have, and open no port to the outside', () => {
  // Six nodes for profiles without GPUs, and two with.
  expect(full['jupyterhub-users']?.quota).toEqual({
    pods: '150',
    'requests.cpu': '498',
    'requests.memory': '2448Gi',
    'services.nodeports': '0',
    'services.loadbalancers': '0',
  });
});

test('a part that a site does not have has no namespace', () => {
  expect(named(siteOf('minimal'))).toEqual({});
});
