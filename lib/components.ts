import type { Component } from './argocd/applications';
import { NAMESPACE as CERT_MANAGER_NAMESPACE, RELEASE as CERT_MANAGER_RELEASE } from './cert-manager/release';
import { NAMESPACE as HTCONDOR_NAMESPACE } from './htcondor/release';
import { NAMESPACE as JUPYTERHUB_NAMESPACE, USERS_NAMESPACE } from './jupyterhub/release';
import { NAMESPACE as LONGHORN_NAMESPACE } from './longhorn/release';

/** Components of a facility as Argo CD sees them, in the order in which they come up. */

const { crds, commit } = CERT_MANAGER_RELEASE;

export const CRDS_CERT_MANAGER: Component = {
  name: 'crds-cert-manager',
  project: 'crds',
  wave: -20,
  namespace: CERT_MANAGER_NAMESPACE,
  stateful: true,
  customResources: false,
  upstream: { ...crds, commit },
};

export const CRDS_LONGHORN: Component = {
  name: 'crds-longhorn',
  project: 'crds',
  wave: -20,
  namespace: LONGHORN_NAMESPACE,
  stateful: true,
  customResources: false,
};

export const NAMESPACES: Component = {
  name: 'namespaces',
  project: 'platform',
  wave: -15,
  destination: CERT_MANAGER_NAMESPACE,
  stateful: true,
  customResources: false,
};

export const CERT_MANAGER = {
  name: 'cert-manager',
  project: 'platform',
  wave: -10,
  namespace: CERT_MANAGER_NAMESPACE,
  stateful: false,
  customResources: false,
} as const satisfies Component;

export const LONGHORN = {
  name: 'longhorn',
  project: 'platform',
  wave: -5,
  namespace: LONGHORN_NAMESPACE,
  stateful: true,
  customResources: false,
} as const satisfies Component;

export const CERTIFICATES: Component = {
  name: 'certificates',
  project: 'platform',
  wave: 0,
  namespace: CERT_MANAGER_NAMESPACE,
  stateful: true,
  customResources: true,
};

export const STORAGE: Component = {
  name: 'storage',
  project: 'platform',
  wave: 0,
  namespace: LONGHORN_NAMESPACE,
  stateful: true,
  customResources: true,
};

/** Groups of workers come and go with the site file; what keeps a queue is deleted when an admin confirms it. */
export const HTCONDOR: Component = {
  name: 'htcondor',
  project: 'facility',
  wave: 10,
  namespace: HTCONDOR_NAMESPACE,
  stateful: true,
  prunes: true,
  customResources: true,
};

/** Apart from the hub, because its rights are over the whole cluster. */
export const USER_SCHEDULER: Component = {
  name: 'user-scheduler',
  project: 'platform',
  wave: 5,
  namespace: JUPYTERHUB_NAMESPACE,
  stateful: false,
  customResources: false,
};

export const JUPYTERHUB = {
  name: 'jupyterhub',
  project: 'facility',
  wave: 10,
  namespace: JUPYTERHUB_NAMESPACE,
  stateful: true,
  customResources: true,
} as const satisfies Component;

/** Before the hub, so that no notebook asks for an account that is not there yet. */
export const SPARK = {
  name: 'spark',
  project: 'facility',
  wave: 5,
  namespace: USERS_NAMESPACE,
  stateful: false,
  customResources: false,
} as const satisfies Component;

/** Apart from the hub, and after it: one node that is down must hold up nothing, and a pool that goes takes its puller. */
export const IMAGE_PULLERS: Component = {
  name: 'image-pullers',
  project: 'facility',
  wave: 15,
  namespace: JUPYTERHUB_NAMESPACE,
  stateful: false,
  customResources: false,
};
