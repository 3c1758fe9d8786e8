import { contains } from './flows';

test.each([
  ['10.0.0.0/24', '10.0.0.9', true],
  ['10.0.0.0/24', '10.0.1.9', false],
  ['169.254.169.254/32', '169.254.169.253', false],
  ['0.0.0.0/0', '169.254.169.254', true],
  ['fd00:ec2::/64', 'fd00:ec2::254', true],
  ['fd00:ec2::/120', 'fd00:ec2::1:254', false],
  ['::/0', '169.254.169.254', false],
])('%s has %s: %s', (cidr, address, expected) => {
  expect(contains(cidr, address)).toBe(expected);
});
