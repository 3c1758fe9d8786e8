import { canonical, firstHost, overlap, size } from './cidr';

test.each([
  ['10.244.3.7/16', '10.244.0.0/16'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['255.255.255.255/32', '255.255.255.255/32'],
  ['1.2.3.4/0', '0.0.0.0/0'],
  ['2001:db8::1:0/64', '2001:db8::/64'],
  ['::1/128', '::1/128'],
  ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
  ['fd00:1:2:3:4:5:6:7/126', 'fd00:1:2:3:4:5:6:4/126'],
  ['::/0', '::/0'],
])('%s without host bits is %s', (given, expected) => {
  expect(canonical(given)).toBe(expected);
  expect(canonical(expected)).toBe(expected);
});

test('networks overlap when one contains the other, whichever comes first', () => {
  expect(overlap('10.96.0.0/12', '10.100.0.0/16')).toBe(true);
  expect(overlap('10.100.0.0/16', '10.96.0.0/12')).toBe(true);
  expect(overlap('2001:db8::/32', '2001:db8:42::/56')).toBe(true);
});

test('neighbours do not overlap, and neither do IPv4 and IPv6', () => {
  expect(overlap('10.96.0.0/12', '10.112.0.0/12')).toBe(false);
  expect(overlap('0.0.0.0/0', '::/0')).toBe(false);
});

test('the first and last address of an IPv4 network are no node', () => {
  expect(size('192.0.2.0/29')).toBe(6n);
  expect(size('192.0.2.0/31')).toBe(2n);
  expect(size('192.0.2.7/32')).toBe(1n);
  expect(size('2001:db8::/120')).toBe(256n);
  expect(firstHost('192.0.2.0/29')).toBe('192.0.2.1');
  expect(firstHost('192.0.2.7/32')).toBe('192.0.2.7');
  expect(firstHost('2001:db8::/64')).toBe('2001:db8::1');
});
