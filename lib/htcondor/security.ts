import type { k8s } from 'cdk8s-plus-27';
import { CONDOR_ID } from './release';

export const CONFINED: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

/** Of pods that never need root. */
export const UNPRIVILEGED: k8s.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: CONDOR_ID,
  runAsGroup: CONDOR_ID,
  fsGroup: CONDOR_ID,
  // Changing the owner of every file of a large spool would delay each start.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};
