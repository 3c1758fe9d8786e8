import { facilityNamespaces } from './namespaces';
import { siteOf } from './site.fixture';
import { sparkOffer, sparkProps, sparkSecrets } from './spark';

const site = siteOf('full');
const { spark } = site;
if (!spark) throw new Error('the site has no Spark');
const props = sparkProps(site, spark);

test('Spark of an experiment is offered to its own members, with the account that is theirs', () => {
  const offer = sparkOffer(site, spark);
  expect(
    offer.experiments.map(({ name, groups, override }) => [name, groups, override.service_account]),
  ).toEqual([
    ['cms', ['/cms/af/users'], 'spark-cms'],
    ['vo2', ['/vo2/af'], 'spark-vo2'],
  ]);
  expect(offer.profiles).toEqual(['small', 'slice']);
});

test('what an experiment may take in all is bounded in its namespace, where it has neither Services, claims nor GPUs', () => {
  const namespaces = facilityNamespaces(site).filter(({ name }) => name.startsWith('spark-'));
  const none = {
    services: '0',
    persistentvolumeclaims: '0',
    'requests.nvidia.com/mig-1g.5gb': '0',
    'requests.nvidia.com/mig-7g.40gb': '0',
  };
  expect(namespaces.map(({ name, podSecurity, quota }) => [name, podSecurity, quota])).toEqual([
    [
      'spark-cms',
      'restricted',
      {
        pods: '20',
        'requests.cpu': '40',
        'requests.memory': '160Gi',
        'limits.memory': '160Gi',
        ...none,
      },
    ],
    [
      'spark-vo2',
      'restricted',
      { pods: '4', 'requests.cpu': '8', 'requests.memory': '32Gi', 'limits.memory': '32Gi', ...none },
    ],
  ]);
});

test('an executor may be as large as the largest node of its pools, and use what its node has left of cores', () => {
  const [namespace] = facilityNamespaces(site).filter(({ name }) => name === 'spark-cms');
  expect(namespace?.containers).toEqual({
    max: { cpu: '63', memory: '480Gi' },
    limit: { cpu: '63', memory: '6Gi' },
    request: { cpu: '100m', memory: '6Gi' },
  });
});

test('executors run on the pools that the site names, and no longer than it says', () => {
  expect(props.pod.nodes.map(({ labels }) => labels['analysis-facility/pool'])).toEqual(['cpu', 'gpu-a100']);
  const one = sparkProps(site, { ...spark, pools: ['cpu'] });
  expect(one.pod.nodes.map(({ labels }) => labels['analysis-facility/pool'])).toEqual(['cpu']);
  expect(props.pod.maxAgeSeconds).toBe(12 * 3600);
});

test('each experiment reaches what it names itself, and nobody takes a network of the cluster for the internet', () => {
  expect(props.experiments.map(({ name, executors, egress }) => [name, executors, egress.length])).toEqual([
    ['cms', 20, 2],
    ['vo2', 4, 0],
  ]);
  const { podCIDRs, serviceCIDRs, nodeCIDRs } = site.cluster;
  expect(props.ownNetworks).toEqual(expect.arrayContaining([...podCIDRs, ...serviceCIDRs, ...nodeCIDRs]));
});

test('credentials of registries are asked for where executors are', () => {
  expect(sparkSecrets(site, spark).map(({ namespace, name }) => [namespace, name])).toEqual([
    ['spark-cms', 'registry-credentials'],
    ['spark-vo2', 'registry-credentials'],
  ]);
});
