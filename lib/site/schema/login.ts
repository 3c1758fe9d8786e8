import type { z } from 'zod';
import { cidr, httpsUrl, list, mapping, text } from '../field';
import { group } from './experiments';

const claim = (description: string, example: string) =>
  text({ description, example }, { pattern: /^[\w.:/-]+$/, expected: 'the name of a claim, without spaces' });

const groups = (description: string, example: string) =>
  list({ description, example: [example] }, group('A group, with its leading slash.', example));

const login = mapping(
  {
    description:
      'The log-in service of the hub: an INDIGO IAM, where the site registers one client (docs/admin/jupyterhub.md).',
    example: { issuer: 'https://iam.example.org/', allow: { groups: ['/af/users'] } },
  },
  {
    issuer: httpsUrl({
      description: 'The `issuer` of its /.well-known/openid-configuration.',
      example: 'https://iam.example.org/',
    }),
    callbackUrl: httpsUrl({
      description:
        'Redirect URI as the client has it, to be checked against the entrance of the hub. Absent: it follows from the entrance.',
      example: 'https://hub.af.pg.example.org/hub/oauth_callback',
    }).optional(),
    scopes: list(
      {
        description:
          'Scopes that are asked for; the client must be registered with them. `offline_access` gives the refresh token, `wlcg` and `wlcg.groups` the groups.',
        example: ['openid', 'profile', 'email', 'offline_access', 'wlcg', 'wlcg.groups'],
      },
      claim('A scope.', 'openid'),
    ).default(['openid', 'profile', 'email', 'offline_access', 'wlcg', 'wlcg.groups']),
    usernameClaim: claim(
      'Claim with the name of the user, who is known by it in small letters. It must be one of a kind at the log-in service and stay the same.',
      'preferred_username',
    ).default('preferred_username'),
    groupsClaim: claim(
      'Claim of the userinfo answer with the groups, as it is written there. `groups` for clients with the profile `iam`.',
      'wlcg.groups',
    ).default('wlcg.groups'),
    allow: mapping(
      {
        description:
          'Who may log in. Absent: the members of all experiments (experiments.groups.members). Never everybody.',
        example: { groups: ['/af/users'] },
      },
      { groups: groups('Groups whose members may log in.', '/af/users') },
    ).optional(),
    adminGroups: groups(
      'Groups whose members administrate the hub: they see and stop the servers of all users.',
      '/af/admins',
    ).default([]),
    privateNetworks: list(
      {
        description:
          'Networks with private addresses in which the log-in service is. None: its address is public.',
        example: ['192.0.2.0/26'],
      },
      cidr({ description: 'A network in CIDR notation.', example: '192.0.2.0/26' }),
    ).default([]),
  },
);

/** Who the users are. */
export const users = mapping(
  {
    description: 'Who the users are.',
    example: { login: { issuer: 'https://iam.example.org/', allow: { groups: ['/af/users'] } } },
  },
  { login },
);

export type Login = z.output<typeof login>;
