import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  Certificate,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyEncoding,
  CertificateSpecPrivateKeyRotationPolicy,
  CertificateSpecUsages,
} from '../../imports/cert-manager.io';
import { wave } from '../kubernetes/wave';
import { metadata } from './metadata';
import { RELEASE } from './release';

/** How browsers reach the proxy. */
export type Entrance =
  | {
      readonly kind: 'gateway';
      readonly host: string;
      readonly gateway: { readonly name: string; readonly namespace: string };
      /** Namespace of the pods that take the traffic. */
      readonly dataPlaneNamespace: string;
    }
  | {
      readonly kind: 'ingress';
      readonly host: string;
      readonly className: string;
      /** Name of a ClusterIssuer. */
      readonly issuer: string;
      readonly dataPlaneNamespace: string;
    }
  | {
      /** A server outside of the cluster ends TLS. */
      readonly kind: 'nodePort';
      readonly host: string;
      readonly port: number;
    };

const CERTIFICATE = 'hub-tls';

/** Last of all, because an Ingress is healthy only when something answers for it. */
const LAST = wave(2);

/** The objects that lead browsers to the proxy; none for a NodePort, which is a port of the proxy's Service. */
export class EntranceObjects extends Construct {
  constructor(scope: Construct, id: string, entrance: Entrance) {
    super(scope, id);
    if (entrance.kind === 'gateway') {
      new ApiObject(this, 'route', {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { ...metadata('jupyterhub', 'ingress', LAST) },
        spec: routeSpec(entrance.host, entrance.gateway),
      });
    }
    if (entrance.kind === 'ingress') {
      new Certificate(this, 'certificate', {
        metadata: { ...metadata(CERTIFICATE, 'ingress') },
        spec: certificateSpec(entrance.host, entrance.issuer),
      });
      new k8s.KubeIngress(this, 'ingress', {
        metadata: metadata('jupyterhub', 'ingress', LAST),
        spec: ingressSpec(entrance.host, entrance.className),
      });
    }
  }
}

/** What the API server would fill in is stated: Argo CD would see a difference for ever. */
function routeSpec(host: string, gateway: { readonly name: string; readonly namespace: string }) {
  return {
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...gateway }],
    hostnames: [host],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [
          { group: '', kind: 'Service', name: 'proxy-public', port: RELEASE.ports.proxyService, weight: 1 },
        ],
      },
    ],
  };
}

function ingressSpec(host: string, className: string): k8s.IngressSpec {
  return {
    ingressClassName: className,
    tls: [{ hosts: [host], secretName: CERTIFICATE }],
    rules: [
      {
        host,
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'proxy-public', port: { name: 'http' } } },
            },
          ],
        },
      },
    ],
  };
}

function certificateSpec(host: string, issuer: string) {
  return {
    secretName: CERTIFICATE,
    dnsNames: [host],
    usages: [CertificateSpecUsages.DIGITAL_SIGNATURE, CertificateSpecUsages.KEY_ENCIPHERMENT],
    privateKey: {
      algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
      encoding: CertificateSpecPrivateKeyEncoding.PKCS1,
      rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
      size: 256,
    },
    revisionHistoryLimit: 1,
    issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: issuer },
  };
}
