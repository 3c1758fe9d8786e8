import { z } from 'zod';
import { email, hostName, line, list, mapping, name, oneOf, text } from '../field';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

const time = (description: string, example: string) =>
  text(
    { description, example },
    { pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/, expected: 'a time of day from 00:00 to 23:59' },
  );

const maintenanceWindow = mapping(
  {
    description: 'A weekly time in which changes that restart storage or certificates may be applied.',
    example: { days: ['Tue'], from: '07:00', to: '09:00' },
  },
  {
    days: list(
      { description: 'Days on which the window opens.', example: ['Tue'] },
      oneOf({ description: 'Day of the week, in English, three letters.', example: 'Tue' }, DAYS),
      1,
    ),
    from: time('When it opens, in the time zone of the site.', '07:00'),
    to: time('When it closes; a time before `from` means the next day.', '09:00'),
  },
);

/** Who the site is. */
export const identity = mapping(
  {
    description: 'Who the site is and whom to call.',
    example: {
      name: 'pg1',
      displayName: 'Perugia Analysis Facility',
      domain: 'af.pg.example.org',
      contacts: { admins: ['@org/af-admins'], security: 'csirt@pg.example.org' },
    },
  },
  {
    name: name({
      description: 'Short name of the site. Equal to the name of its folder below sites/.',
      example: 'pg1',
    }),
    displayName: line({ description: 'Name that users see.', example: 'Perugia Analysis Facility' }),
    domain: hostName({
      description:
        'DNS domain below which the host names of the facility are, without a leading dot. Ask who runs the DNS zone.',
      example: 'af.pg.example.org',
    }),
    stage: oneOf(
      {
        description: 'Canary sites follow a change first; production sites after it has proven itself.',
        example: 'production',
      },
      ['canary', 'production'],
    ).default('production'),
    timezone: text(
      {
        description:
          'Time zone of the maintenance windows, by its IANA name (`timedatectl show -p Timezone`).',
        example: 'Europe/Rome',
      },
      {
        pattern: /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+){0,2}$/,
        expected: 'the IANA name of a time zone, such as Europe/Rome',
      },
    ).default('UTC'),
    contacts: mapping(
      {
        description: 'People behind the site.',
        example: { admins: ['@org/af-admins'], security: 'csirt@pg.example.org' },
      },
      {
        admins: list(
          { description: 'Who reviews changes of this site, as in CODEOWNERS.', example: ['@org/af-admins'] },
          text(
            { description: 'A user or team of the git server.', example: '@org/af-admins' },
            {
              pattern: /^@[\w.-]+(?:\/[\w.-]+)*$/,
              expected: 'a user or team of the git server, such as @org/af-admins',
            },
          ),
          1,
        ),
        security: email({
          description: 'Where security incidents are reported.',
          example: 'csirt@pg.example.org',
        }),
        alerts: email({
          description:
            'Where alerts go: a sync of Argo CD that fails, where its notifications know the service `email`.',
          example: 'af-alerts@pg.example.org',
        }).optional(),
      },
    ),
    maintenanceWindows: list(
      {
        description:
          'When Argo CD may change Longhorn and cert-manager by itself; at other times an admin may still sync by hand. None: at any time.',
        example: [{ days: ['Tue'], from: '07:00', to: '09:00' }],
      },
      maintenanceWindow,
    ).default([]),
  },
);

export type MaintenanceWindow = z.output<typeof maintenanceWindow>;
