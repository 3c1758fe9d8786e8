import { AUTHORITY, cidr, httpsUrl, list, mapping, text } from '../field';

const networks = list(
  {
    description:
      'Networks inside the site where the servers are: notebooks and jobs may then reach them at the ports of the addresses. Absent: policies stay as they are; public addresses are open to notebooks in any case.',
    example: ['203.0.113.64/27'],
  },
  cidr({ description: 'A network in CIDR notation.', example: '203.0.113.64/27' }),
  1,
).optional();

const xrootdUrl = (description: string, example: string) =>
  text(
    { description, example },
    {
      pattern: new RegExp(`^roots?://${AUTHORITY}/*$`),
      expected: 'an XRootD server, such as root://xrootd.example.org:1094',
    },
  );

/** Where the data of an experiment is; notebooks find it in environment variables. */
export const data = mapping(
  {
    description:
      'Where the data of the experiment is. Notebooks of the experiment find the addresses in environment variables (docs/user/jobs-and-dask.md), and use them with the access token of their user.',
    example: { xrootd: { redirector: 'root://xrootd.example.org' } },
  },
  {
    xrootd: mapping(
      { description: 'XRootD.', example: { redirector: 'root://xrootd.example.org' } },
      {
        redirector: xrootdUrl(
          'Where files are asked for: AF_XROOTD_REDIRECTOR. The experiment knows the address.',
          'root://xrootd.example.org',
        ),
        cache: xrootdUrl(
          'Cache of the site, to be asked first: AF_XROOTD_CACHE. Absent: there is none.',
          'root://xcache.pg.example.org:1094',
        ).optional(),
        networks,
      },
    ).optional(),
    s3: mapping(
      { description: 'An S3 store.', example: { endpoint: 'https://s3.pg.example.org' } },
      {
        endpoint: httpsUrl({
          description: 'Its address: AWS_ENDPOINT_URL_S3, which the SDKs of AWS read themselves.',
          example: 'https://s3.pg.example.org',
        }),
        bucket: text(
          {
            description: 'Bucket of the experiment: AF_S3_BUCKET. Absent: users say it.',
            example: 'vo2-data',
          },
          {
            pattern: /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
            expected: 'a bucket of small letters, digits, "-" and ".", 3 to 63 characters',
            maxLength: 63,
          },
        ).optional(),
        networks,
      },
    ).optional(),
  },
);

export type ExperimentData = NonNullable<ReturnType<typeof data.parse>>;
