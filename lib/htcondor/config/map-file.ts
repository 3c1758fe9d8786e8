import type { Experiment } from './accounting-groups';

/** Characters that a subject may have: an issuer that puts others into it could look like somebody else. */
const SUBJECT = '([A-Za-z0-9-]+)';

/**
 * The only list of issuers there is: HTCondor asks any server that a token names for its keys, so whoever is not here
 * must not become a user. A line is anchored at both ends and takes one issuer and nothing that begins like it.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/security.html#the-unified-map-file-for-authentication
 */
export function mapFile(experiments: readonly Experiment[], trustDomain: string): string {
  const users = experiments.flatMap(({ name, issuers }) =>
    issuers.map(({ url }) => `SCITOKENS /^${escaped(url)},${SUBJECT}$/ ${name}_\\1@${trustDomain}`),
  );
  return `${[...users, 'FS /(.*)/ \\1'].join('\n')}\n`;
}

/** A text as a regular expression that takes nothing else; the slash would end the expression in the file. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
