import { cidr, httpsUrl, list, mapping, name, text, wholeNumber } from '../field';
import { data } from './data';

/** Group of a token service. */
export const group = (description: string, example: string) =>
  text(
    { description, example },
    { pattern: /^(?:\/[\w.-]+)+$/, expected: 'a group of the token service, such as /cms/users' },
  );

const experiment = mapping(
  {
    description: 'A collaboration (VO) that shares the facility.',
    example: {
      name: 'cms',
      tokenIssuers: [{ url: 'https://iam.cms.example.org/', audience: ['https://wlcg.cern.ch/jwt/v1/any'] }],
      share: 70,
    },
  },
  {
    name: name({ description: 'Name of the experiment.', example: 'cms' }, 20),
    tokenIssuers: list(
      {
        description: 'Who signs the tokens of its members.',
        example: [{ url: 'https://iam.cms.example.org/', audience: ['https://wlcg.cern.ch/jwt/v1/any'] }],
      },
      mapping(
        {
          description: 'An issuer.',
          example: { url: 'https://iam.cms.example.org/', audience: ['https://wlcg.cern.ch/jwt/v1/any'] },
        },
        {
          url: httpsUrl({
            description:
              'Exactly the `iss` of its tokens, final slash included (the `issuer` of its /.well-known/openid-configuration).',
            example: 'https://iam.cms.example.org/',
          }),
          audience: list(
            {
              description: 'Values of `aud` that are accepted.',
              example: ['https://wlcg.cern.ch/jwt/v1/any'],
            },
            text(
              { description: 'An audience.', example: 'https://wlcg.cern.ch/jwt/v1/any' },
              {
                pattern: /^[\w.~:/-]+$/,
                expected: 'an audience without spaces or wildcards, such as https://wlcg.cern.ch/jwt/v1/any',
              },
            ),
            1,
          ),
          networks: list(
            {
              description:
                'Networks where its server is, if it has private addresses. Absent: at a public address.',
              example: ['198.51.100.64/26'],
            },
            cidr({ description: 'A network in CIDR notation.', example: '198.51.100.64/26' }),
            1,
          ).optional(),
        },
      ),
      1,
    ),
    groups: mapping(
      {
        description: 'Groups of the experiment in its token service.',
        example: { members: '/cms/users', admins: '/cms/admins' },
      },
      {
        members: group('Whose members may use the facility.', '/cms/users'),
        admins: group('Whose members administrate it.', '/cms/admins').optional(),
      },
    ).optional(),
    data: data.optional(),
    share: wholeNumber(
      {
        description: 'Weight among the experiments when the pool is full: 70 beside 30 gets 70 %.',
        example: 70,
      },
      { min: 1, max: 1000 },
    ).default(100),
  },
);

export const experiments = list(
  {
    description: 'The experiments that share the facility.',
    example: [
      {
        name: 'cms',
        tokenIssuers: [
          { url: 'https://iam.cms.example.org/', audience: ['https://wlcg.cern.ch/jwt/v1/any'] },
        ],
      },
    ],
  },
  experiment,
);
