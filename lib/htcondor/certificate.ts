import type { Construct } from 'constructs';
import {
  Certificate,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyEncoding,
  CertificateSpecPrivateKeyRotationPolicy,
  CertificateSpecUsages,
} from '../../imports/cert-manager.io';
import { duration } from '../kubernetes/duration';
import { metadata, objectName, serviceHost, type Member } from './metadata';

/** Who signs the certificate that outside clients see. */
export interface OutsideCertificate {
  /** Name of the ClusterIssuer. */
  readonly issuer: string;
  /** Whether it signs names of Services too, which no public authority does. */
  readonly signsInternalNames: boolean;
  /** Host name under which clients reach the port. */
  readonly hostName: string;
}

const DAY = 86_400;

/**
 * Certificate of a daemon that outside clients reach. HTCondor reads the files at each log-in, so a renewed one is used
 * without a restart.
 */
export function tlsCertificate(
  member: Member,
  { issuer, signsInternalNames, hostName }: OutsideCertificate,
  clusterDomain: string,
) {
  const secretName = `${objectName(member)}-tls`;
  const internal = signsInternalNames ? [serviceHost(member, clusterDomain)] : [];
  return {
    secretName,
    create: (scope: Construct) =>
      new Certificate(scope, 'certificate', {
        metadata: metadata(member),
        spec: {
          secretName,
          dnsNames: [hostName, ...internal],
          duration: duration(90 * DAY).go,
          renewBefore: duration(30 * DAY).go,
          usages: [CertificateSpecUsages.DIGITAL_SIGNATURE, CertificateSpecUsages.SERVER_AUTH],
          privateKey: {
            algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
            encoding: CertificateSpecPrivateKeyEncoding.PKCS8,
            rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
            size: 256,
          },
          revisionHistoryLimit: 1,
          issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: issuer },
        },
      }),
  };
}
