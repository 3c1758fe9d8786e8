/** How users log in, and who of them may. */
export interface LoginProps {
  /** Address of the INDIGO IAM; a final slash does not matter. */
  readonly issuer: string;
  /** Exactly the redirect URI of the client. */
  readonly callbackUrl: string;
  readonly scopes: readonly string[];
  readonly usernameClaim: string;
  /** Name of the claim as it is written, dots included. */
  readonly groupsClaim: string;
  /** At least one: without any nobody could log in. */
  readonly allowedGroups: readonly string[];
  readonly adminGroups: readonly string[];
  /** What users call the facility, in messages. */
  readonly facility: string;
  /** Whom the refused should write to. */
  readonly contact: string;
}

/** Seconds after which a log-in is looked at again; 0 would also end the look before a server starts. */
const REFRESH_SECONDS = 300;

/**
 * Endpoints follow from the issuer, because OAuthenticator looks nothing up and synthesis has no network.
 *
 * @see https://indigo-iam.github.io/docs/
 * @see https://oauthenticator.readthedocs.io/en/latest/reference/api/gen/oauthenticator.generic.html
 */
export function loginTraits(login: LoginProps) {
  const base = login.issuer.replace(/\/+$/, '');
  return {
    authorize_url: `${base}/authorize`,
    token_url: `${base}/token`,
    userdata_url: `${base}/userinfo`,
    oauth_callback_url: login.callbackUrl,
    // IAM registers clients so, unless it is told otherwise.
    basic_auth: true,
    enable_pkce: true,
    scope: login.scopes,
    username_claim: login.usernameClaim,
    manage_groups: true,
    enable_auth_state: true,
    auth_refresh_age: REFRESH_SECONDS,
    refresh_pre_spawn: true,
    // What the button says: users know the service by its host.
    login_service: base.replace(/^https:\/\/([^/:]+).*/, '$1'),
    custom_403_message: refusal(login),
    validate_server_cert: true,
  };
}

/** What the hub's own code needs to know of log-ins. */
export function loginRules(login: LoginProps) {
  return {
    facility: login.facility,
    groupsClaim: login.groupsClaim,
    allowedGroups: login.allowedGroups,
    adminGroups: login.adminGroups,
    refusal: refusal(login),
    noProfile: `None of the notebooks of ${login.facility} is open to your groups. Please write to ${login.contact}.`,
  };
}

function refusal({ facility, allowedGroups, adminGroups, contact }: LoginProps): string {
  const groups = [...new Set([...allowedGroups, ...adminGroups])].join(', ');
  return `${facility} is open to members of ${groups}, and you are in none of these groups. Ask your experiment for membership and log in again, or write to ${contact}.`;
}
