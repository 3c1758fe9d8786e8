import { matches, tableOf } from './policy-rules';

const pod = (namespace: string, name: string, podIP: string, nodeName = 'one') => ({
  metadata: { namespace, name, labels: { app: name } },
  spec: { nodeName, containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 }] }] },
  status: { podIP, phase: 'Running' },
});
const pods = [pod('x', 'server', '10.244.1.2'), pod('x', 'friend', '10.244.2.2', 'two')];
const namespaces = [{ metadata: { name: 'x', labels: { team: 'x' } } }];
const policy = (spec: object) => ({
  metadata: { namespace: 'x', name: 'p' },
  spec: { podSelector: {}, ...spec },
});

test('a node judges its own pods only', () => {
  const policies = [policy({ policyTypes: ['Ingress'] })];
  expect(tableOf('one', { pods, namespaces, policies })).toContain(
    'ip daddr vmap { 10.244.1.2 : jump ingress-0 }',
  );
  expect(tableOf('three', { pods, namespaces, policies })).not.toContain('vmap');
});

test('a direction that no policy names is left alone', () => {
  const table = tableOf('one', { pods, namespaces, policies: [policy({ policyTypes: ['Ingress'] })] });
  expect(table).toContain('chain ingress-0 {');
  expect(table).not.toContain('chain egress-0 {');
});

test('a port without a protocol is one of TCP, and peers are the addresses of their pods', () => {
  const from = [{ podSelector: { matchLabels: { app: 'friend' } } }];
  const rule = {
    policyTypes: ['Ingress'],
    ingress: [{ from, ports: [{ port: 'web' }, { port: 53, protocol: 'UDP' }] }],
  };
  const table = tableOf('one', { pods, namespaces, policies: [policy(rule)] });
  expect(table).toContain('ip saddr 10.244.2.2 tcp dport 8080 accept');
  expect(table).toContain('ip saddr 10.244.2.2 udp dport 53 accept');
});

test('a pod that has ended, or that uses the network of its node, is no peer', () => {
  const ended = { ...pod('x', 'ended', '10.244.1.9'), status: { podIP: '10.244.1.9', phase: 'Succeeded' } };
  const onHost = { ...pod('x', 'host', '192.0.2.21'), spec: { nodeName: 'one', hostNetwork: true } };
  const policies = [policy({ policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] })];
  const table = tableOf('one', { pods: [...pods, ended, onHost], namespaces, policies });
  expect(table).not.toContain('10.244.1.9');
  expect(table).not.toContain('192.0.2.21');
});

test('an operator that is not known stops everything instead of opening it', () => {
  const selector = { matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] };
  expect(() => matches(selector, { app: '2' })).toThrow('unknown operator of a selector: Gt');
});

test('an expression without the label: only NotIn and DoesNotExist hold', () => {
  const holds = (operator: string) =>
    matches({ matchExpressions: [{ key: 'app', operator, values: ['a'] }] }, {});
  expect(['In', 'NotIn', 'Exists', 'DoesNotExist'].map(holds)).toEqual([false, true, false, true]);
});
