import type { CertManagerProps } from '../cert-manager/cert-manager';
import { acmeNeeds } from '../certificates/acme-needs';
import type { AcmeSolver, Issuer } from '../certificates/issuer';
import type { Site } from '../site/schema';
import type { Issuer as SiteIssuer, SecretKey, Solver } from '../site/schema/certificates';
import { clusterNetwork } from './cluster';

const ACME_SERVERS: Readonly<Record<string, string>> = {
  'letsencrypt-production': 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

export function certManagerProps(
  site: Site,
  certificates: NonNullable<Site['certificates']>,
): CertManagerProps {
  const { ingress, imagePullSecrets } = site.cluster;
  return {
    ...certificates.certManager,
    cluster: clusterNetwork(site),
    acme: acmeNeeds(issuers(site)),
    privateNetworks: certificates.privateNetworks,
    ...(ingress ? { frontNamespaces: [ingress.dataPlaneNamespace] } : {}),
    ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets }),
  };
}

export function issuers({ certificates, cluster }: Site): Issuer[] {
  return (certificates?.issuers ?? []).map((issuer): Issuer => issuerProps(issuer, cluster.ingress));
}

function issuerProps(issuer: SiteIssuer, ingress: Site['cluster']['ingress']): Issuer {
  if (issuer.type !== 'acme') return issuer;
  const { zones, server, solver, ...rest } = issuer;
  return {
    ...rest,
    server: ACME_SERVERS[server] ?? server,
    solver: solverProps(solver, ingress),
    ...(zones.length === 0 ? {} : { zones }),
  };
}

function solverProps(solver: Solver, ingress: Site['cluster']['ingress']): AcmeSolver {
  const key = (reference: SecretKey) => ({ name: reference.secret, key: reference.key });
  switch (solver.type) {
    case 'http01':
      if (!ingress) throw new Error('rule AF-CM-50 lets no HTTP-01 solver through without cluster.ingress');
      return ingress.kind === 'gateway'
        ? { type: 'http01-gateway', gateway: ingress.gateway }
        : { type: 'http01-ingress', ingressClassName: ingress.className };
    case 'cloudflare':
      return { type: 'dns01', provider: { type: 'cloudflare', apiToken: key(solver.apiToken) } };
    case 'rfc2136': {
      const { tsigSecret, ...rest } = solver;
      return { type: 'dns01', provider: { ...rest, secret: key(tsigSecret) } };
    }
    case 'route53': {
      const { hostedZoneId, accessKeyId, secretAccessKey, ...rest } = solver;
      return {
        type: 'dns01',
        provider: {
          ...rest,
          ...(hostedZoneId === undefined ? {} : { hostedZoneID: hostedZoneId }),
          accessKeyID: key(accessKeyId),
          secretAccessKey: key(secretAccessKey),
        },
      };
    }
  }
}
