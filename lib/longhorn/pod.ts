import type { k8s } from 'cdk8s-plus-27';
import { cpu, type Bytes } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';

const MEBIBYTE = 1024 ** 2;

/** Enough for a shell that sleeps. */
export const IDLE_RESOURCES: Resources = {
  requests: { cpu: cpu(5), memory: mebibytes(8) },
  limits: { memory: mebibytes(32) },
};

/**
 * The manager holds every volume, replica and snapshot of the cluster in memory; its limit is for thousands
 * of them.
 */
export const MANAGER_RESOURCES: Resources = {
  requests: { cpu: cpu(100), memory: mebibytes(256) },
  limits: { memory: mebibytes(2048) },
};

export const DRIVER_DEPLOYER_RESOURCES: Resources = {
  requests: { cpu: cpu(20), memory: mebibytes(64) },
  limits: { memory: mebibytes(256) },
};

export const UI_RESOURCES: Resources = {
  requests: { cpu: cpu(20), memory: mebibytes(32) },
  limits: { memory: mebibytes(128) },
};

/**
 * What can be confined without knowing the image from inside: upstream states neither its user nor its
 * capabilities, so `runAsNonRoot` and dropped capabilities are left out until they were tried on a cluster.
 */
export const UNPRIVILEGED: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  seccompProfile: { type: 'RuntimeDefault' },
};

export function pullSecrets(name: string | undefined): Pick<k8s.PodSpec, 'imagePullSecrets'> {
  return name === undefined ? {} : { imagePullSecrets: [{ name }] };
}

export function fieldVariable(name: string, fieldPath: string): k8s.EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function mebibytes(count: number): Bytes {
  const text = count % 1024 === 0 ? `${String(count / 1024)}Gi` : `${String(count)}Mi`;
  return { bytes: count * MEBIBYTE, text };
}
