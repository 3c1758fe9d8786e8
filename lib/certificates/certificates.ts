import { Construct } from 'constructs';
import {
  Certificate,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyEncoding,
  CertificateSpecPrivateKeyRotationPolicy,
  CertificateSpecUsages,
  ClusterIssuer,
  type CertificateSpec,
  type ClusterIssuerSpec,
  type ClusterIssuerSpecAcme,
} from '../../imports/cert-manager.io';
import { NAMESPACE } from '../cert-manager/release';
import { duration } from '../kubernetes/duration';
import { PROTECTED } from '../kubernetes/protection';
import { acmeSolver } from './acme-solver';
import type { AcmeIssuer, Issuer, PrivateCaIssuer } from './issuer';

export interface CertificatesProps {
  /** Their names are unique, and none is {@link SELF_SIGNED}. */
  readonly issuers: readonly Issuer[];
}

/** Signs the certificates of private CAs; exists only where there is one. */
export const SELF_SIGNED = 'self-signed';

/**
 * The issuers of a site. They are an Argo CD application of their own: the API server stores none of them
 * before cert-manager's webhook answers.
 *
 * @see https://cert-manager.io/docs/configuration/
 */
export class Certificates extends Construct {
  constructor(scope: Construct, id: string, props: CertificatesProps) {
    super(scope, id);

    const privateCas = props.issuers.filter((issuer) => issuer.type === 'privateCA');
    if (privateCas.length > 0) {
      new ClusterIssuer(this, SELF_SIGNED, { metadata: { name: SELF_SIGNED }, spec: { selfSigned: {} } });
    }
    for (const ca of privateCas) {
      new Certificate(this, `certificate-${ca.name}`, {
        metadata: { name: ca.name, namespace: NAMESPACE, annotations: PROTECTED },
        spec: caCertificate(ca),
      });
    }
    for (const issuer of props.issuers) {
      new ClusterIssuer(this, `issuer-${issuer.name}`, {
        metadata: { name: issuer.name },
        spec: issuerSpec(issuer),
      });
    }
  }
}

function issuerSpec(issuer: Issuer): ClusterIssuerSpec {
  switch (issuer.type) {
    case 'acme':
      return { acme: acme(issuer) };
    case 'privateCA':
      return { ca: { secretName: keyPair(issuer) } };
    case 'existingCA':
      return { ca: { secretName: issuer.secret } };
  }
}

function acme(issuer: AcmeIssuer): ClusterIssuerSpecAcme {
  return {
    server: issuer.server,
    email: issuer.email,
    privateKeySecretRef: { name: `${issuer.name}-acme-account` },
    solvers: [acmeSolver(issuer.solver, issuer.zones)],
  };
}

/**
 * Nothing is left to a default, so that neither the API server nor a later cert-manager changes it unseen.
 *
 * The key stays when the certificate is renewed: a new one, upstream's default, would end the trust of every
 * client that knows the old root.
 */
function caCertificate(ca: PrivateCaIssuer): CertificateSpec {
  return {
    secretName: keyPair(ca),
    commonName: ca.commonName,
    isCa: true,
    usages: [
      CertificateSpecUsages.CERT_SIGN,
      CertificateSpecUsages.CRL_SIGN,
      CertificateSpecUsages.DIGITAL_SIGNATURE,
    ],
    duration: ca.duration.go,
    renewBefore: (ca.renewBefore ?? duration(Math.floor(ca.duration.seconds / 10))).go,
    privateKey: {
      algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
      encoding: CertificateSpecPrivateKeyEncoding.PKCS1,
      rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.NEVER,
      size: 256,
    },
    revisionHistoryLimit: 1,
    issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: SELF_SIGNED },
  };
}

function keyPair(ca: PrivateCaIssuer): string {
  return `${ca.name}-key-pair`;
}
