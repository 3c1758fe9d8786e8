import { z } from 'zod';
import {
  VOLUME_BYTES,
  bytes,
  cidr,
  duration,
  hostName,
  line,
  list,
  mapping,
  name,
  objectName,
  truth,
  variant,
  wholeNumber,
} from '../field';
import { nodePort } from './htcondor';
import { profiles } from './profiles';
import { resources } from './workload';

const entrance = variant(
  {
    description: 'How browsers reach the hub, always over TLS.',
    example: { kind: 'ingress', host: 'hub.af.pg.example.org' },
  },
  'kind',
  [
    z.strictObject({
      kind: z.literal('ingress'),
      host: hostName({
        description: 'Public host name; cluster.ingress ends TLS for it.',
        example: 'hub.af.pg.example.org',
      }),
      issuer: name({
        description:
          'Issuer of its certificate, from certificates.issuers, where cluster.ingress is of kind ingress. Absent: the only issuer. A Gateway has certificates of its own.',
        example: 'public',
      }).optional(),
    }),
    z.strictObject({
      kind: z.literal('nodePort'),
      port: nodePort('Port of the hub, plain HTTP, for the TLS front only.', 30_888),
      tlsFront: mapping(
        {
          description:
            'The server outside the cluster that ends TLS: without one passwords and tokens would travel in the clear.',
          example: { host: 'hub.af.pg.example.org', operatedBy: 'network group' },
        },
        {
          host: hostName({
            description: 'Public host name that it serves.',
            example: 'hub.af.pg.example.org',
          }),
          operatedBy: line({ description: 'Who runs it.', example: 'network group' }),
        },
      ),
    }),
  ],
);

const hub = mapping(
  { description: 'The hub itself.', example: { database: { size: '2Gi' } } },
  {
    secret: objectName({
      description:
        'Secret in the namespace jupyterhub with auth_token, cookie_secret, crypt_keys, oidc_client_id, oidc_client_secret (docs/admin/jupyterhub.md).',
      example: 'jupyterhub-hub',
    }).default('jupyterhub-hub'),
    database: mapping(
      { description: 'Volume of the database, a file of SQLite.', example: { class: 'homes', size: '2Gi' } },
      {
        class: name({
          description: 'Storage class, from storage.longhorn.classes. Absent: the default class.',
          example: 'homes',
        }).optional(),
        size: bytes({ description: 'Size of the volume.', example: '1Gi' }, VOLUME_BYTES).prefault('1Gi'),
      },
    ).prefault({}),
    resources: resources({ cpu: '200m', memory: '512Mi', memoryLimit: '2Gi' }),
  },
);

const cull = mapping(
  {
    description: 'When servers are stopped that nobody uses. Homes stay.',
    example: { idle: '8h', every: '10m', maxAge: '7d' },
  },
  {
    idle: duration(
      { description: 'How long a server may be without any activity.', example: '8h' },
      { min: '10m', max: '30d' },
    ).prefault('8h'),
    every: duration(
      { description: 'How often they are looked at.', example: '10m' },
      { min: '1m', max: '1d' },
    ).prefault('10m'),
    maxAge: duration(
      {
        description: 'Age at which a server is stopped in any case. Absent: none.',
        example: '7d',
      },
      { min: '1h', max: '365d' },
    ).optional(),
  },
);

const limits = mapping(
  { description: 'How much of the facility notebooks may take.', example: { maxActiveServers: 150 } },
  {
    maxActiveServers: wholeNumber(
      {
        description: 'Servers that run at the same time; also the quota of pods of the users.',
        example: 150,
      },
      { min: 1, max: 5000 },
    ).default(200),
    concurrentSpawns: wholeNumber(
      { description: 'Servers that start at the same time; further users are asked to wait.', example: 20 },
      { min: 1, max: 500 },
    ).default(64),
  },
);

const egress = list(
  {
    description:
      'Networks inside the site that notebooks reach: data servers, caches, web proxies. Public addresses are open to them in any case, other pods never.',
    example: [{ cidrs: ['192.0.2.64/27'], ports: [1094], reason: 'XRootD' }],
  },
  mapping(
    {
      description: 'A service of the site.',
      example: { cidrs: ['192.0.2.64/27'], ports: [1094], reason: 'XRootD' },
    },
    {
      cidrs: list(
        { description: 'Networks in which it is.', example: ['192.0.2.64/27'] },
        cidr({ description: 'A network in CIDR notation.', example: '192.0.2.64/27' }),
        1,
      ),
      ports: list(
        { description: 'TCP ports.', example: [1094] },
        wholeNumber({ description: 'A port.', example: 1094 }, { min: 1, max: 65_535 }),
        1,
      ),
      reason: line({ description: 'What it is for; it stands in the policy.', example: 'XRootD' }),
    },
  ),
);

/** The hub, its entrance, and what users may start. */
export const jupyterhub = mapping(
  {
    description: 'JupyterHub: its entrance, and the notebooks that users start. Absent: it is not installed.',
    example: { entrance: { kind: 'ingress', host: 'hub.af.pg.example.org' } },
  },
  {
    entrance,
    hub: hub.prefault({}),
    proxy: mapping(
      { description: 'The proxy that all traffic of the users passes.', example: { resources: {} } },
      { resources: resources({ cpu: '100m', memory: '128Mi', memoryLimit: '1Gi' }) },
    ).prefault({}),
    profiles,
    limits: limits.prefault({}),
    cull: cull.prefault({}),
    prePull: mapping(
      {
        description:
          'Pulls images of the profiles before anybody asks for them. Absent: they are pulled when needed.',
        example: { pools: ['cpu'] },
      },
      {
        pools: list(
          {
            description:
              'Node pools on which it is done: each gets the images of the profiles that run on it.',
            example: ['cpu'],
          },
          name({ description: 'Name of a node pool.', example: 'cpu' }),
          1,
        ),
      },
    ).optional(),
    userScheduler: truth({
      description:
        'Whether notebooks are packed onto few nodes by a scheduler of their own. It pays only where empty nodes are switched off, and needs rights over the whole cluster.',
      example: false,
    }).default(false),
    egress: egress.default([]),
  },
);

export type JupyterHub = z.output<typeof jupyterhub>;
