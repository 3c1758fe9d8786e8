import type { k8s } from 'cdk8s-plus-27';
import {
  CAINJECTOR,
  CONTROLLER,
  labels,
  WEBHOOK,
  WEBHOOK_CA_SECRET,
  type Labels,
  type Program,
} from './program';

/** Rules of one role, as upstream grants them: not a verb more. */
export interface RoleRow {
  readonly name: string;
  readonly labels: Labels;
  readonly rules: k8s.PolicyRule[];
  /** @default a role that is bound to nobody: people get it by aggregation */
  readonly boundTo?: Program;
  /** Built-in roles for people that take these rules over. @default none */
  readonly aggregatedTo?: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const MODIFY = ['update', 'patch'];
const CREATE_DELETE = ['create', 'delete'];
const RECONCILE = [...READ, ...MODIFY];

const CORE = '';
const CERTS = 'cert-manager.io';
const ACME = 'acme.cert-manager.io';
const GATEWAY = 'gateway.networking.k8s.io';
const NETWORKING = 'networking.k8s.io';

const ISSUER_SIGNERS = ['issuers.cert-manager.io/*', 'clusterissuers.cert-manager.io/*'];
const ISSUERS = ['issuers', 'clusterissuers'];
const EVENTS = allow(CORE, ['events'], ['create', 'patch']);
const ACCESS_REVIEWS = allow('authorization.k8s.io', ['subjectaccessreviews'], ['create']);

export const CLUSTER_ROLES: readonly RoleRow[] = [
  {
    ...of(CAINJECTOR, ''),
    rules: [
      allow(CERTS, ['certificates'], READ),
      allow(CORE, ['secrets'], READ),
      allow(CORE, ['events'], ['get', 'create', ...MODIFY]),
      allow(
        'admissionregistration.k8s.io',
        ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
        RECONCILE,
      ),
      allow('apiregistration.k8s.io', ['apiservices'], RECONCILE),
      allow('apiextensions.k8s.io', ['customresourcedefinitions'], RECONCILE),
    ],
  },
  {
    ...of(CONTROLLER, '-controller-issuers'),
    rules: [
      allow(CERTS, ['issuers'], RECONCILE),
      allow(CERTS, ['issuers/status'], MODIFY),
      allow(CORE, ['secrets'], [...READ, 'create', 'update', 'delete']),
      EVENTS,
    ],
  },
  {
    ...of(CONTROLLER, '-controller-clusterissuers'),
    rules: [
      allow(CERTS, ['clusterissuers'], RECONCILE),
      allow(CERTS, ['clusterissuers/status'], MODIFY),
      allow(CORE, ['secrets'], [...READ, 'create', 'update', 'delete']),
      EVENTS,
    ],
  },
  {
    ...of(CONTROLLER, '-controller-certificates'),
    rules: [
      allow(CERTS, ['certificates', 'certificaterequests'], RECONCILE),
      allow(CERTS, ['certificates/status', 'certificaterequests/status'], MODIFY),
      allow(CERTS, ISSUERS, READ),
      allow(CERTS, ['certificates/finalizers', 'certificaterequests/finalizers'], ['update']),
      allow(ACME, ['orders'], [...READ, ...CREATE_DELETE]),
      allow(CORE, ['secrets'], [...RECONCILE, ...CREATE_DELETE]),
      EVENTS,
    ],
  },
  {
    ...of(CONTROLLER, '-controller-orders'),
    rules: [
      allow(ACME, ['orders'], RECONCILE),
      allow(ACME, ['orders/status'], MODIFY),
      allow(ACME, ['orders/finalizers'], ['update']),
      allow(ACME, ['challenges'], [...READ, ...CREATE_DELETE]),
      allow(CERTS, ISSUERS, READ),
      allow(CERTS, ['issuers/finalizers', 'clusterissuers/finalizers'], ['update']),
      allow(CORE, ['secrets'], READ),
      EVENTS,
    ],
  },
  {
    ...of(CONTROLLER, '-controller-challenges'),
    rules: [
      allow(ACME, ['challenges'], RECONCILE),
      allow(ACME, ['challenges/status'], MODIFY),
      allow(ACME, ['challenges/finalizers'], ['update']),
      allow(CERTS, ISSUERS, READ),
      allow(CORE, ['secrets'], READ),
      allow(CORE, ['pods', 'services'], [...READ, ...CREATE_DELETE]),
      allow(NETWORKING, ['ingresses'], [...READ, ...CREATE_DELETE, 'update']),
      allow(GATEWAY, ['httproutes'], [...READ, ...CREATE_DELETE, 'update']),
      allow('route.openshift.io', ['routes/custom-host'], ['create']),
      EVENTS,
    ],
  },
  {
    ...of(CONTROLLER, '-controller-ingress-shim'),
    rules: [
      allow(CERTS, ['certificates', 'certificaterequests'], [...READ, ...CREATE_DELETE, 'update']),
      allow(CERTS, ISSUERS, READ),
      allow(NETWORKING, ['ingresses'], READ),
      allow(NETWORKING, ['ingresses/finalizers'], ['update']),
      allow(GATEWAY, ['gateways', 'httproutes', 'listenersets'], READ),
      allow(GATEWAY, ['gateways/finalizers', 'httproutes/finalizers', 'listenersets/finalizers'], ['update']),
      EVENTS,
    ],
  },
  {
    ...of(CONTROLLER, '-controller-approve:cert-manager-io'),
    labels: labels('cert-manager', 'cert-manager'),
    rules: [allow(CERTS, ['signers'], ['approve'], ISSUER_SIGNERS)],
  },
  {
    ...of(CONTROLLER, '-controller-certificatesigningrequests'),
    labels: labels('cert-manager', 'cert-manager'),
    rules: [
      allow('certificates.k8s.io', ['certificatesigningrequests'], [...READ, 'update']),
      allow('certificates.k8s.io', ['certificatesigningrequests/status'], MODIFY),
      allow('certificates.k8s.io', ['signers'], ['sign'], ISSUER_SIGNERS),
      ACCESS_REVIEWS,
    ],
  },
  { ...of(WEBHOOK, ':subjectaccessreviews'), rules: [ACCESS_REVIEWS] },
  {
    name: 'cert-manager-cluster-view',
    labels: CONTROLLER.labels,
    aggregatedTo: ['cluster-reader'],
    rules: [allow(CERTS, ['clusterissuers'], READ)],
  },
  {
    name: 'cert-manager-view',
    labels: CONTROLLER.labels,
    aggregatedTo: ['view', 'edit', 'admin', 'cluster-reader'],
    rules: [
      allow(CERTS, ['certificates', 'certificaterequests', 'issuers'], READ),
      allow(ACME, ['challenges', 'orders'], READ),
    ],
  },
  {
    name: 'cert-manager-edit',
    labels: CONTROLLER.labels,
    aggregatedTo: ['edit', 'admin'],
    rules: [
      allow(
        CERTS,
        ['certificates', 'certificaterequests', 'issuers'],
        [...MODIFY, ...CREATE_DELETE, 'deletecollection'],
      ),
      allow(CERTS, ['certificates/status'], ['update']),
      allow(ACME, ['challenges'], [...MODIFY, 'delete', 'deletecollection']),
      allow(ACME, ['orders'], ['delete', 'deletecollection']),
    ],
  },
];

/** All in our own namespace: see the leader election arguments in `containers.ts`. */
export const ROLES: readonly RoleRow[] = [
  {
    ...of(CONTROLLER, ':leaderelection'),
    rules: leases(['cert-manager-controller']),
  },
  {
    ...of(CAINJECTOR, ':leaderelection'),
    rules: leases([
      'cert-manager-cainjector-leader-election',
      'cert-manager-cainjector-leader-election-core',
    ]),
  },
  {
    ...of(WEBHOOK, ':dynamic-serving'),
    rules: [
      allow(CORE, ['secrets'], [...READ, 'update'], [WEBHOOK_CA_SECRET]),
      allow(CORE, ['secrets'], ['create']),
    ],
  },
];

function of(program: Program, suffix: string): { name: string; labels: Labels; boundTo: Program } {
  return { name: program.name + suffix, labels: program.labels, boundTo: program };
}

/** A name restricts no `create`, because the object has none yet: creating is a rule of its own. */
function leases(names: string[]): k8s.PolicyRule[] {
  const group = 'coordination.k8s.io';
  return [allow(group, ['leases'], ['get', ...MODIFY], names), allow(group, ['leases'], ['create'])];
}

function allow(group: string, resources: string[], verbs: string[], names?: string[]): k8s.PolicyRule {
  return { apiGroups: [group], resources, verbs, ...(names ? { resourceNames: names } : {}) };
}
