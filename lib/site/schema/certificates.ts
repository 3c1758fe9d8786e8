import { z } from 'zod';
import {
  AUTHORITY,
  HOST,
  PORT,
  cidr,
  duration,
  email,
  hostName,
  line,
  list,
  mapping,
  name,
  objectName,
  oneOf,
  text,
  variant,
} from '../field';
import { workload } from './workload';

const secretKey = (description: string, example: string) =>
  mapping(
    {
      description: `${description} Only the name of the Secret: the value never stands in git.`,
      example: { secret: 'dns-credentials', key: example },
    },
    {
      secret: objectName({
        description: 'Secret in the namespace cert-manager.',
        example: 'dns-credentials',
      }),
      key: text(
        { description: 'Key in the Secret.', example },
        { pattern: /^[\w.-]+$/, expected: 'a key of a Secret: letters, digits, "-", "_", "."' },
      ),
    },
  );

const solver = variant(
  {
    description: 'How the site proves to the issuer that a host name is its own.',
    example: { type: 'http01' },
  },
  'type',
  [
    // The issuer fetches a page from the host: port 80 must be open, and cluster.ingress says what answers there.
    z.strictObject({ type: z.literal('http01') }),
    z.strictObject({
      type: z.literal('cloudflare'),
      apiToken: secretKey('API token that may edit the zone.', 'api-token'),
    }),
    z.strictObject({
      type: z.literal('rfc2136'),
      nameserver: text(
        { description: 'Name server that takes dynamic updates, with its port.', example: '192.0.2.53:53' },
        {
          pattern: new RegExp(`^${HOST}:${PORT}$`),
          expected: 'an address and a port, such as 192.0.2.53:53 or [2001:db8::53]:53',
        },
      ),
      tsigKeyName: line({ description: 'Name of the TSIG key.', example: 'acme' }),
      tsigAlgorithm: oneOf({ description: 'Algorithm of the TSIG key.', example: 'HMACSHA256' }, [
        'HMACSHA256',
        'HMACSHA512',
      ]).default('HMACSHA256'),
      tsigSecret: secretKey('The TSIG key.', 'tsig-key'),
    }),
    z.strictObject({
      type: z.literal('route53'),
      region: text(
        { description: 'AWS region.', example: 'eu-south-1' },
        { pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/, expected: 'an AWS region, such as eu-south-1' },
      ),
      hostedZoneId: text(
        { description: 'Id of the hosted zone.', example: 'Z0123456789ABCDEFGHIJ' },
        { pattern: /^Z[A-Z0-9]+$/, expected: 'the id of a hosted zone, which begins with Z' },
      ).optional(),
      accessKeyId: secretKey('Access key id.', 'access-key-id'),
      secretAccessKey: secretKey('Secret access key.', 'secret-access-key'),
    }),
  ],
);

const issuerName = name({ description: 'Name of the issuer; certificates refer to it.', example: 'public' });

const issuer = variant(
  {
    description: 'Who signs certificates.',
    example: { name: 'pool-ca', type: 'privateCA', commonName: 'Pool CA' },
  },
  'type',
  [
    z.strictObject({
      type: z.literal('acme'),
      name: issuerName,
      server: text(
        {
          description:
            'letsencrypt-production, letsencrypt-staging (for trying: its limits are wide, browsers do not trust it), or the https:// directory of another ACME server.',
          example: 'letsencrypt-production',
        },
        {
          pattern: new RegExp(
            `^(?:letsencrypt-production|letsencrypt-staging|https://${AUTHORITY}/[\\w.~%/-]*)$`,
          ),
          expected: 'letsencrypt-production, letsencrypt-staging or the https:// directory of an ACME server',
        },
      ),
      email: email({
        description: 'Where the issuer writes before a certificate ends.',
        example: 'af-admins@pg.example.org',
      }),
      solver,
      zones: list(
        {
          description: 'DNS zones for which this issuer is used. None: all.',
          example: ['af.pg.example.org'],
        },
        hostName({ description: 'A DNS zone.', example: 'af.pg.example.org' }),
      ).default([]),
    }),
    z.strictObject({
      type: z.literal('privateCA'),
      name: issuerName,
      commonName: text(
        { description: 'Name in the CA certificate.', example: 'PG1 pool CA' },
        {
          pattern: /^\S(?:[^\n\r]*\S)?$/,
          expected: 'text on one line, at most 64 characters',
          maxLength: 64,
        },
      ),
      duration: duration(
        {
          description:
            'Life of the CA certificate. Its key is born in the cluster and stays when the certificate is renewed.',
          example: '87600h',
        },
        { min: '30d', max: '7300d' },
      ).prefault('87600h'),
    }),
    z.strictObject({
      type: z.literal('existingCA'),
      name: issuerName,
      secret: objectName({
        description:
          'Secret in the namespace cert-manager with tls.crt and tls.key of a CA that was made elsewhere.',
        example: 'ca-key-pair',
      }),
    }),
  ],
);

/** cert-manager and the issuers of the site. */
export const certificates = mapping(
  {
    description: 'cert-manager and the issuers of the site. Absent: neither is installed.',
    example: { issuers: [{ name: 'pool-ca', type: 'privateCA', commonName: 'Pool CA' }] },
  },
  {
    certManager: mapping(
      { description: 'Size of cert-manager itself.', example: { webhook: { replicas: 3 } } },
      {
        controller: workload('Watches certificates and renews them.', 1, {
          cpu: '50m',
          memory: '128Mi',
          memoryLimit: '512Mi',
        }),
        cainjector: workload('Puts CA certificates into webhook configurations.', 1, {
          cpu: '50m',
          memory: '128Mi',
          memoryLimit: '512Mi',
        }),
        webhook: workload(
          'Checks objects on their way into the cluster: without it none of them can be changed.',
          1,
          {
            cpu: '25m',
            memory: '64Mi',
            memoryLimit: '256Mi',
          },
        ),
      },
    ).prefault({}),
    privateNetworks: list(
      {
        description:
          'Networks with private addresses that cert-manager must reach: an ACME server, name server or entrance of the site itself.',
        example: ['192.0.2.0/26'],
      },
      cidr({ description: 'A network in CIDR notation.', example: '192.0.2.0/26' }),
    ).default([]),
    issuers: list(
      {
        description: 'The issuers.',
        example: [{ name: 'pool-ca', type: 'privateCA', commonName: 'Pool CA' }],
      },
      issuer,
      1,
    ),
  },
);

export type Issuer = z.output<typeof issuer>;
export type SecretKey = z.output<ReturnType<typeof secretKey>>;
export type Solver = z.output<typeof solver>;
