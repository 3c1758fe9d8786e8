import { PATHS } from './common';

/**
 * What a daemon needs to know clients by the token of an issuer: a certificate that they check, the values of `aud`
 * that are meant for it, and the map from issuer and subject to the name of a user.
 *
 * Without an audience only tokens for any audience would pass.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/security.html#scitokens-authentication
 */
export function outsideClientLines(audience: readonly string[]): string[] {
  return [
    `AUTH_SSL_SERVER_CERTFILE = ${PATHS.tls}/tls.crt`,
    `AUTH_SSL_SERVER_KEYFILE = ${PATHS.tls}/tls.key`,
    `SCITOKENS_SERVER_AUDIENCE = ${[...new Set(audience)].join(', ')}`,
  ];
}

/** Where users are mapped; `/…/` in the file is a regular expression, and all else plain text. */
export const MAP_FILE_LINES = [
  `CERTIFICATE_MAPFILE = ${PATHS.maps}/condor_mapfile`,
  'CERTIFICATE_MAPFILE_ASSUME_HASH_KEYS = True',
];
