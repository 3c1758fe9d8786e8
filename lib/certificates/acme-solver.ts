import type {
  ClusterIssuerSpecAcmeSolvers,
  ClusterIssuerSpecAcmeSolversDns01,
} from '../../imports/cert-manager.io';
import type { AcmeSolver, Dns01 } from './issuer';

/** Upstream's default opens a port on every node while a challenge runs. */
const SERVICE_TYPE = 'ClusterIP';

export function acmeSolver(solver: AcmeSolver, zones?: readonly string[]): ClusterIssuerSpecAcmeSolvers {
  return { ...challenge(solver), ...(zones ? { selector: { dnsZones: [...zones] } } : {}) };
}

function challenge(solver: AcmeSolver): ClusterIssuerSpecAcmeSolvers {
  switch (solver.type) {
    case 'http01-gateway':
      return {
        http01: {
          gatewayHttpRoute: {
            serviceType: SERVICE_TYPE,
            // The API server fills in group and kind where they are missing: Argo CD would see a difference.
            parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...solver.gateway }],
          },
        },
      };
    case 'http01-ingress':
      return {
        http01: { ingress: { serviceType: SERVICE_TYPE, ingressClassName: solver.ingressClassName } },
      };
    case 'dns01':
      return { dns01: dns01(solver.provider) };
  }
}

function dns01(provider: Dns01['provider']): ClusterIssuerSpecAcmeSolversDns01 {
  switch (provider.type) {
    case 'rfc2136':
      return {
        rfc2136: {
          nameserver: provider.nameserver,
          tsigKeyName: provider.tsigKeyName,
          tsigAlgorithm: provider.tsigAlgorithm,
          tsigSecretSecretRef: provider.secret,
        },
      };
    case 'cloudflare':
      return { cloudflare: { apiTokenSecretRef: provider.apiToken } };
    case 'route53':
      return {
        route53: {
          region: provider.region,
          ...(provider.hostedZoneID === undefined ? {} : { hostedZoneId: provider.hostedZoneID }),
          accessKeyIdSecretRef: provider.accessKeyID,
          secretAccessKeySecretRef: provider.secretAccessKey,
        },
      };
  }
}
