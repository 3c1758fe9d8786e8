import { z } from 'zod';
import {
  AUTHORITY,
  address,
  cidr,
  dictionary,
  hostName,
  labelKey,
  labelValue,
  list,
  mapping,
  namespaceName,
  objectName,
  text,
  truth,
  variant,
  wholeNumber,
} from '../field';

const networks = (description: string, example: string) =>
  list({ description, example: [example] }, cidr({ description: 'A network in CIDR notation.', example }), 1);

const gateway = mapping(
  {
    description: 'The Gateway (Gateway API) that takes the traffic from outside.',
    example: { name: 'public', namespace: 'ingress' },
  },
  {
    name: objectName({ description: 'Name of the Gateway (`kubectl get gateways -A`).', example: 'public' }),
    namespace: namespaceName({ description: 'Namespace of the Gateway.', example: 'ingress' }),
  },
);

const dataPlaneNamespace = (example: string) =>
  namespaceName({
    description:
      'Namespace of the pods that take the traffic: only they may reach what stands behind the entrance (`kubectl get pods -A`).',
    example,
  });

export const ingress = variant(
  {
    description: 'How HTTP reaches the cluster from outside. Absent: it does not, or through NodePorts only.',
    example: {
      kind: 'gateway',
      gateway: { name: 'public', namespace: 'ingress' },
      dataPlaneNamespace: 'ingress',
    },
  },
  'kind',
  [
    z.strictObject({
      kind: z.literal('gateway'),
      gateway,
      dataPlaneNamespace: dataPlaneNamespace('ingress'),
    }),
    z.strictObject({
      kind: z.literal('ingress'),
      className: objectName({
        description: 'Ingress class (`kubectl get ingressclasses`).',
        example: 'traefik',
      }),
      dataPlaneNamespace: dataPlaneNamespace('traefik'),
    }),
  ],
);

const argocd = mapping(
  {
    description: 'The Argo CD of this cluster, which applies what is in dist.',
    example: { source: { url: 'https://git.example.org/af/sites.git', revision: 'main' } },
  },
  {
    namespace: namespaceName({ description: 'Namespace in which Argo CD runs.', example: 'argocd' }).default(
      'argocd',
    ),
    source: mapping(
      {
        description: 'Which state of this repository the site follows.',
        example: { url: 'https://git.example.org/af/sites.git', revision: 'main' },
      },
      {
        url: text(
          {
            description: 'Address of this repository as Argo CD reaches it.',
            example: 'https://git.example.org/af/sites.git',
          },
          {
            pattern: new RegExp(`^(?:https://${AUTHORITY}|ssh://git@${AUTHORITY})/[\\w.~%/-]+$`),
            expected: 'an https:// or ssh://git@ address without a password in it',
          },
        ),
        revision: text(
          {
            description: 'Branch, tag or commit. A canary site follows a branch, others a tag.',
            example: 'main',
          },
          {
            pattern: /^(?!.*\.\.)[A-Za-z0-9](?:[\w./-]*\w)?$/,
            expected: 'the name of a branch or tag, or a commit',
          },
        ),
      },
    ),
    server: text(
      {
        description: 'Address under which Argo CD knows this cluster.',
        example: 'https://kubernetes.default.svc',
      },
      {
        pattern: new RegExp(`^https://${AUTHORITY}$`),
        expected: 'an https:// address of an API server, without a path',
      },
    ).default('https://kubernetes.default.svc'),
    autoSync: mapping(
      { description: 'What Argo CD does without being asked.', example: { prune: true, selfHeal: true } },
      {
        prune: truth({
          description:
            'Delete from the cluster what left git. Storage, certificates and namespaces are never pruned.',
          example: true,
        }).default(true),
        selfHeal: truth({ description: 'Undo changes made by hand.', example: true }).default(true),
      },
    ).prefault({}),
    adminGroups: list(
      {
        description:
          'Groups of the log-in service of Argo CD whose members may do everything there. Nobody else may do anything.',
        example: ['af-admins'],
      },
      text(
        { description: 'A group as its token names it.', example: 'af-admins' },
        { pattern: /^[\w./:@-]+$/, expected: 'the name of a group: letters, digits and ./:@_-' },
      ),
    ).default([]),
  },
);

/** What the site's Kubernetes is like. */
export const cluster = mapping(
  {
    description: 'Facts of the Kubernetes cluster.',
    example: {
      kubernetesVersion: '1.34',
      podCIDRs: ['10.244.0.0/16'],
      serviceCIDRs: ['10.96.0.0/12'],
      nodeCIDRs: ['192.0.2.0/26'],
      apiServer: { addresses: ['192.0.2.11'] },
      argocd: { source: { url: 'https://git.example.org/af/sites.git', revision: 'main' } },
    },
  },
  {
    kubernetesVersion: text(
      {
        description:
          'Minor version, in quotes (`kubectl version`): from 1.25, which Longhorn needs, to 1.36, the newest tried.',
        example: '1.34',
      },
      {
        pattern: /^1\.(?:2[5-9]|3[0-6])$/,
        expected: 'a Kubernetes version from "1.25" to "1.36", in quotes',
      },
    ),
    podCIDRs: networks(
      'Networks of the pods (`kubectl cluster-info dump | grep -m1 cluster-cidr`): no pod counts as the public internet.',
      '10.244.0.0/16',
    ),
    serviceCIDRs: networks(
      'Networks of the Services (`… | grep -m1 service-cluster-ip-range`).',
      '10.96.0.0/12',
    ),
    nodeCIDRs: networks(
      'Networks of the nodes (`kubectl get nodes -o wide`, INTERNAL-IP): nodes mount NFS from Longhorn.',
      '192.0.2.0/26',
    ),
    apiServer: mapping(
      {
        description: 'Where pods reach the API server (`kubectl get endpointslices -n default`).',
        example: { addresses: ['192.0.2.11'] },
      },
      {
        addresses: list(
          {
            description: 'Addresses of its endpoints, not of the Service: network policies see the endpoint.',
            example: ['192.0.2.11'],
          },
          address({ description: 'An address.', example: '192.0.2.11' }),
          1,
        ),
        port: wholeNumber(
          { description: 'Port of the endpoints.', example: 6443 },
          { min: 1, max: 65_535 },
        ).default(6443),
      },
    ),
    dns: mapping(
      {
        description: 'The DNS pods of the cluster.',
        example: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } },
      },
      {
        namespace: namespaceName({ description: 'Their namespace.', example: 'kube-system' }).default(
          'kube-system',
        ),
        podLabels: dictionary(
          {
            description: 'Labels that select them (`kubectl get pods -n kube-system --show-labels`).',
            example: { 'k8s-app': 'kube-dns' },
          },
          labelKey({ description: 'Label key.', example: 'k8s-app' }),
          labelValue({ description: 'Label value.', example: 'kube-dns' }),
        ).default({ 'k8s-app': 'kube-dns' }),
        domain: hostName({
          description:
            'Domain of the names of Services (`kubectl -n kube-system get configmap coredns -o yaml`, the name after kubernetes).',
          example: 'cluster.local',
        }).default('cluster.local'),
      },
    ).prefault({}),
    ingress: ingress.optional(),
    imagePullSecrets: list(
      {
        description:
          'Secrets with registry credentials, of type kubernetes.io/dockerconfigjson, present in each namespace of the facility.',
        example: ['registry-credentials'],
      },
      objectName({ description: 'Name of the Secret.', example: 'registry-credentials' }),
    ).default([]),
    argocd,
  },
);
