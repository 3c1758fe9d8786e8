import { acmeNeeds } from './acme-needs';
import {
  acmeWith,
  CLOUDFLARE,
  dns01,
  EXISTING_CA,
  GATEWAY,
  INGRESS,
  PRIVATE_CA,
  RFC2136,
} from './issuers.fixture';

const NOTHING = { gatewayApi: false, http01: false, tcpPorts: [], dnsPorts: [] };

test('without an ACME issuer the controller needs nothing', () => {
  expect(acmeNeeds([PRIVATE_CA, EXISTING_CA])).toEqual(NOTHING);
});

test.each([
  ['a Gateway', GATEWAY, { gatewayApi: true, http01: true, tcpPorts: [80, 443], dnsPorts: [] }],
  ['an Ingress', INGRESS, { gatewayApi: false, http01: true, tcpPorts: [80, 443], dnsPorts: [] }],
  [
    'a nameserver',
    dns01(RFC2136),
    { gatewayApi: false, http01: false, tcpPorts: [443], dnsPorts: [53, 5353] },
  ],
  ['Cloudflare', CLOUDFLARE, { gatewayApi: false, http01: false, tcpPorts: [443], dnsPorts: [53] }],
])('through %s only the ports are needed that are used on that way', (_way, solver, needs) => {
  expect(acmeNeeds([PRIVATE_CA, acmeWith(solver)])).toEqual(needs);
});

test('needed is also the port of a directory that is not at 443', () => {
  const issuer = { ...acmeWith(INGRESS), server: 'https://acme.example.org:9000/acme/acme/directory' };
  expect(acmeNeeds([issuer]).tcpPorts).toEqual([80, 443, 9000]);
});

test('no further port is needed for a nameserver that states none, IPv6 or not', () => {
  for (const nameserver of ['ns.example.org', '[2001:db8::53]']) {
    expect(acmeNeeds([acmeWith(dns01({ ...RFC2136, nameserver }))]).dnsPorts).toEqual([53]);
  }
});
