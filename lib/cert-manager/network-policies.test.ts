import type { KubernetesObject } from '../kubernetes/object';
import { at, find, FULL, NAMES, NO_ACME, SMALL, synth } from './cert-manager.fixture';

const full = synth(FULL);
const small = synth(SMALL);

const egress = (objects: readonly KubernetesObject[], name: string) =>
  at(find(objects, 'NetworkPolicy', name), 'spec', 'egress');

const apiServer = {
  to: [{ ipBlock: { cidr: '192.0.2.10/32' } }, { ipBlock: { cidr: '192.0.2.11/32' } }],
  ports: [{ protocol: 'TCP', port: 6443 }],
};

test('every program reaches the API server and DNS, and without ACME nothing else', () => {
  for (const name of NAMES) {
    expect(egress(small, name)).toEqual([apiServer, expect.objectContaining({ to: [expect.anything()] })]);
    expect(at(egress(small, name), 1, 'to', 0, 'namespaceSelector', 'matchLabels')).toEqual({
      'kubernetes.io/metadata.name': 'dns-system',
    });
  }
});

test('ACME opens the outside for the controller alone', () => {
  expect(JSON.stringify(egress(full, 'cert-manager'))).toContain('0.0.0.0/0');
  expect(egress(full, 'cert-manager-webhook')).toEqual(egress(small, 'cert-manager-webhook'));
  expect(egress(full, 'cert-manager-cainjector')).toEqual(egress(small, 'cert-manager-cainjector'));
});

test('of private addresses the controller reaches only those the site names', () => {
  const blocks = [0, 1, 2].map((index) => at(egress(full, 'cert-manager'), 2, 'to', index, 'ipBlock'));
  expect(blocks.map((block) => at(block, 'cidr'))).toEqual(['0.0.0.0/0', '::/0', '10.20.0.0/16']);
  expect(at(blocks[0], 'except')).toEqual(expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16']));
  expect(at(blocks[1], 'except')).toEqual(expect.arrayContaining(['fc00::/7']));
  const open = synth({ ...SMALL, acme: FULL.acme });
  expect(JSON.stringify(egress(open, 'cert-manager'))).not.toContain('10.20.');
});

test('authoritative nameservers are reached over both protocols, and only for DNS-01', () => {
  const dnsOutside = (objects: KubernetesObject[]) => at(egress(objects, 'cert-manager'), 3, 'ports');
  expect(dnsOutside(full)).toEqual([
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ]);
  expect(dnsOutside(synth({ ...SMALL, acme: { ...FULL.acme, dnsPorts: [] } }))).toBeUndefined();
});

test('the pods of the front are reached for the self check of HTTP-01 only', () => {
  const front = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'front' } } };
  expect(egress(full, 'cert-manager')).toContainEqual({ to: [front], ports: [{ protocol: 'TCP' }] });
  const dnsOnly = synth({ ...FULL, acme: { ...FULL.acme, http01: false } });
  expect(JSON.stringify(egress(dnsOnly, 'cert-manager'))).not.toContain('front');
});

test('the webhook is reached on its port from anywhere, the others by monitoring only', () => {
  const ingress = (name: string) => at(find(full, 'NetworkPolicy', name), 'spec', 'ingress');
  const scrape = {
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
    ports: [{ protocol: 'TCP', port: 9402 }],
  };
  expect(ingress('cert-manager-webhook')).toEqual([{ ports: [{ protocol: 'TCP', port: 10250 }] }, scrape]);
  expect(ingress('cert-manager')).toEqual([scrape]);
  expect(ingress('cert-manager-cainjector')).toEqual([scrape]);
});

test('without monitoring nobody reaches the controller, which still denies both directions', () => {
  const spec = at(find(small, 'NetworkPolicy', 'cert-manager'), 'spec');
  expect(spec).not.toHaveProperty('ingress');
  expect(spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
});

test('no rule is without peers and ports, which would mean all of them', () => {
  const odd = synth({ ...FULL, acme: { ...NO_ACME, http01: true }, frontNamespaces: [] });
  for (const objects of [full, small, odd]) {
    for (const name of NAMES) expect(JSON.stringify(egress(objects, name))).not.toContain('[]');
  }
});
