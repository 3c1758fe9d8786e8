import type { ClientKitProps, KitExperiment } from './props';
import { code, table } from './markdown';

/** Scopes of the WLCG profile that HTCondor asks for: the first to look, all of them to change the queue. */
const SCOPES = ['compute.read', 'compute.create', 'compute.modify', 'compute.cancel'];

/** The audience of a token for any service, which whoever gets it can use elsewhere. */
const ANY_AUDIENCE = 'https://wlcg.cern.ch/jwt/v1/any';

/** How members of each experiment get a token. */
export function tokenSection({ site, experiments }: ClientKitProps): string {
  const rows = experiments.flatMap(({ name, issuers }) =>
    issuers.map(({ url, audience }) => [name, code(url), audience.map(code).join(', ')]),
  );
  return `## Get a token

Access points take tokens of these issuers, for these audiences, with the scopes ${SCOPES.map(code).join(', ')}:

${table(['experiment', 'issuer (`iss`)', 'audience (`aud`)'], rows)}

Start the agent once a session: \`eval "$(oidc-agent-service use)"\`. Then

${experiments.map((experiment) => steps(site, experiment)).join('\n\n')}

A token lives for about an hour. Jobs that are in the queue do not need it any more; you do, each time you ask for something.
If registration is refused, or the token has no \`wlcg.ver\`, ask the people who run the issuer for a client with these scopes and the token profile \`wlcg\`
(INDIGO IAM: add the scope \`wlcg\`).`;
}

function steps(site: string, { name, issuers }: KitExperiment): string {
  return issuers
    .map(({ url, audience }, index) => {
      const account = `${site}-${name}${index === 0 ? '' : `-${String(index + 1)}`}`;
      const aud = audience.find((each) => each !== ANY_AUDIENCE) ?? ANY_AUDIENCE;
      return `**${name}**${issuers.length > 1 ? `, ${url}` : ''}: log in once, in a browser that it tells you to open,

\`\`\`sh
oidc-gen --flow=device --iss=${url} --scope="${SCOPES.join(' ')} offline_access" ${account}
\`\`\`

and whenever the token has ended (after \`source env.sh\`):

\`\`\`sh
(umask 077; oidc-token --aud=${aud} --scope="${SCOPES.join(' ')}" ${account} > "$BEARER_TOKEN_FILE")
\`\`\``;
    })
    .join('\n\n');
}
