import type { AcmeNeeds } from '../cert-manager/acme';
import type { AcmeIssuer, Issuer } from './issuer';

const HTTP = 80;
const HTTPS = 443;
const DNS = 53;

/** What the issuers ask of the controller; no port at all where none of them speaks ACME. */
export function acmeNeeds(issuers: readonly Issuer[]): AcmeNeeds {
  const acme = issuers.filter((issuer) => issuer.type === 'acme');
  return {
    gatewayApi: acme.some(({ solver }) => solver.type === 'http01-gateway'),
    http01: acme.some(({ solver }) => solver.type !== 'dns01'),
    tcpPorts: ascending(acme.flatMap(tcpPorts)),
    dnsPorts: ascending(acme.flatMap(dnsPorts)),
  };
}

/** HTTP-01 has both ports of the site's front: the self check follows a redirect to HTTPS. */
function tcpPorts({ server, solver }: AcmeIssuer): number[] {
  const directory = Number(new URL(server).port) || HTTPS;
  if (solver.type !== 'dns01') return [directory, HTTP, HTTPS];
  return solver.provider.type === 'rfc2136' ? [directory] : [directory, HTTPS];
}

function dnsPorts({ solver }: AcmeIssuer): number[] {
  if (solver.type !== 'dns01') return [];
  return solver.provider.type === 'rfc2136' ? [DNS, nameserverPort(solver.provider.nameserver)] : [DNS];
}

/** The digits after the last colon, but not those inside an IPv6 address's brackets. */
function nameserverPort(nameserver: string): number {
  return Number(/:(\d+)$/.exec(nameserver)?.[1] ?? DNS);
}

function ascending(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((a, b) => a - b);
}
