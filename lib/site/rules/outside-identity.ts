import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const outsideIdentity: SiteRule = {
  id: 'AF-HTC-04',
  why: 'Clients outside the cluster check a certificate and are known by the token of an issuer: without either an open port serves nobody.',
  check({ certificates, experiments, htcondor }): Finding[] {
    if (!htcondor?.external) return [];
    const what = 'because htcondor.external lets clients in';
    return [
      ...(certificates
        ? []
        : [
            {
              path: ['certificates'],
              expected: `an issuer for the certificate of the access points, ${what}`,
              got: 'nothing',
              fix: {
                kind: 'add' as const,
                path: ['certificates'],
                value: { issuers: [{ name: 'pool-ca', type: 'privateCA', commonName: 'Pool CA' }] },
                example: true,
              },
            },
          ]),
      ...(experiments.length > 0
        ? []
        : [
            {
              path: ['experiments'],
              expected: `an experiment with the issuer of its tokens, ${what}`,
              got: 'none',
              fix: {
                kind: 'add' as const,
                path: ['experiments'],
                value: [
                  {
                    name: 'cms',
                    tokenIssuers: [
                      { url: 'https://iam.cms.example.org/', audience: ['https://wlcg.cern.ch/jwt/v1/any'] },
                    ],
                  },
                ],
                example: true,
              },
            },
          ]),
    ];
  },
};

/** A user of this experiment with the subject `pool` would be called condor_pool, as daemons are. */
const DAEMONS = 'condor';

export const experimentNames: SiteRule = {
  id: 'AF-HTC-05',
  why: 'Users are called <experiment>_<subject>: where that can be the name of a daemon, its line in the map file makes users into daemons.',
  check: ({ experiments, htcondor }) =>
    (htcondor ? experiments : []).flatMap(({ name }, index): Finding[] => {
      if (name !== DAEMONS) return [];
      const path = ['experiments', index, 'name'];
      const expected =
        'another name: condor_pool is what daemons are called that know each other by a password';
      return [
        { path, expected, got: JSON.stringify(name), fix: { kind: 'set', path, value: 'vo', example: true } },
      ];
    }),
};
