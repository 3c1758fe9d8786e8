import { z } from 'zod';
import { hostName, line, mapping, variant } from '../field';
import { nodePort } from './htcondor';

/** What the hub is planned on: its namespaces and its entrance. */
export const jupyterhub = mapping(
  {
    description:
      'Plan of JupyterHub: its namespaces are made, its entrance is checked. The hub comes with the JupyterHub component.',
    example: { entrance: { kind: 'ingress', host: 'hub.af.pg.example.org' } },
  },
  {
    entrance: variant(
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
    ),
  },
);
