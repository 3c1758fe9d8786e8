import type { KubernetesObject } from '../../lib/kubernetes/object';
import { buildPrograms } from '../cluster/build';
import { definitionsFor, requireDefinitions } from '../suite/definitions';
import { say } from '../suite/look';
import { rules, schemas, score, workflows } from './tools';
import { TOOLS } from './versions';

/** One mistake for each tool: it must find it, and say what it is. */
beforeAll(async () => {
  requireDefinitions();
  await buildPrograms(TOOLS, say);
});

const deployment = (spec: object, replicas: unknown = 1): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'wrong', namespace: 'e2e' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'wrong' } },
    template: { metadata: { labels: { app: 'wrong' } }, spec },
  },
});
const container = { name: 'wrong', image: 'example.org/wrong:1.0.0' };

test.each<[string, KubernetesObject, RegExp]>([
  [
    'an unknown field',
    deployment({ containers: [{ ...container, imagePullPolice: 'Always' }] }),
    /imagePullPolice: Invalid value: value provided for unknown field/,
  ],
  [
    'a number as text',
    deployment({ containers: [container] }, '3'),
    /spec\.replicas in body must be of type integer/,
  ],
  [
    'an API that is gone',
    {
      apiVersion: 'policy/v1beta1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'wrong', namespace: 'e2e' },
    },
    /failed to locate OpenAPI spec for GV: policy\/v1beta1/,
  ],
  [
    'a custom resource with a wrong value',
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'wrong', namespace: 'e2e' },
      spec: { secretName: 'wrong', issuerRef: { name: 'ca' }, privateKey: { algorithm: 'DSA' } },
    },
    /privateKey\.algorithm: Unsupported value: "DSA"/,
  ],
])('kubectl-validate finds %s', (_, object, expected) => {
  expect(schemas([object], '1.34', definitionsFor([object])).objections).toEqual([
    expect.stringMatching(expected),
  ]);
});

test('kube-score finds a container without a memory limit, and one that may be root', () => {
  const { objections } = score([deployment({ containers: [container] })], '1.34');
  expect(objections).toContainEqual(expect.stringMatching(/Memory limit is not set \(container-resources\)/));
  expect(objections).toContainEqual(expect.stringMatching(/readonlyrootfilesystem|security context/i));
});

test('promtool finds an expression that does not parse', () => {
  const rule: KubernetesObject = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'wrong', namespace: 'e2e' },
    spec: { groups: [{ name: 'wrong', rules: [{ alert: 'Wrong', expr: 'up ==' }] }] },
  };
  expect(rules([rule])).toEqual({
    looked: 1,
    objections: [expect.stringMatching(/^PrometheusRule e2e\/wrong: .*parse error/s)],
  });
});

test('actionlint finds an input that an expression does not have', () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.nothing }}\n';
  expect(workflows([text]).objections).toEqual([expect.stringMatching(/property "nothing" is not defined/)]);
});
