import { duration } from '../kubernetes/duration';
import type { AcmeIssuer, AcmeSolver, ExistingCaIssuer, PrivateCaIssuer, Rfc2136, Route53 } from './issuer';

const DAY = 86_400;

/** These do not compile until a new prop is set here, and so thought of below. */
export const PRIVATE_CA: Required<PrivateCaIssuer> = {
  type: 'privateCA',
  name: 'pool-ca',
  commonName: 'Pool CA',
  duration: duration(3650 * DAY),
  renewBefore: duration(100 * DAY),
};
export const EXISTING_CA: Required<ExistingCaIssuer> = {
  type: 'existingCA',
  name: 'institute',
  secret: 'ca-key-pair',
};
export const ROUTE53: Required<Route53> = {
  type: 'route53',
  region: 'eu-south-1',
  hostedZoneID: 'Z123',
  accessKeyID: { name: 'aws', key: 'id' },
  secretAccessKey: { name: 'aws', key: 'secret' },
};
export const ACME: Required<AcmeIssuer> = {
  type: 'acme',
  name: 'public',
  server: 'https://acme.example.org/directory',
  email: 'admins@example.org',
  solver: { type: 'dns01', provider: ROUTE53 },
  zones: ['af.example.org'],
};
export const RFC2136: Required<Rfc2136> = {
  type: 'rfc2136',
  nameserver: '192.0.2.53:5353',
  tsigKeyName: 'af-key',
  tsigAlgorithm: 'HMACSHA512',
  secret: { name: 'tsig', key: 'key' },
};
export const CLOUDFLARE: AcmeSolver = {
  type: 'dns01',
  provider: { type: 'cloudflare', apiToken: { name: 'cloudflare', key: 'token' } },
};
export const GATEWAY: AcmeSolver = {
  type: 'http01-gateway',
  gateway: { name: 'public', namespace: 'ingress' },
};
export const INGRESS: AcmeSolver = { type: 'http01-ingress', ingressClassName: 'traefik' };

export const acmeWith = (solver: AcmeSolver): AcmeIssuer => ({ ...ACME, solver });
export const dns01 = (provider: Rfc2136 | Route53): AcmeSolver => ({ type: 'dns01', provider });
