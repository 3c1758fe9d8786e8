/** Something that HTCondor's tools say, and what a user makes of it. */
export interface Message {
  /** Words of it that are always the same. */
  readonly says: string;
  readonly means: string;
}

/**
 * Asks the access point who one is, and prints every step on the way. The tools themselves say of all that can be wrong
 * with certificates and tokens nothing but {@link REFUSED}.
 */
export const DIAGNOSIS = '_condor_TOOL_DEBUG=D_SECURITY condor_ping -debug -type schedd READ';

export const REFUSED = 'Failed to authenticate with any method';

/** Lines of the diagnosis, of which one explains the refusal. */
export const DIAGNOSED = {
  noToken: {
    says: 'No SciToken file provided',
    means: 'there is no token where `BEARER_TOKEN_FILE` points to: get one',
  },
  tokenRefused: {
    says: 'Server has rejected our token',
    means:
      'the token has ended, or its issuer or audience is none of those above, to the last slash: get a new one, then look into it',
  },
  unknownCa: {
    says: 'certificate verify failed',
    means:
      'the access point shows a certificate that this kit does not trust. Do not go around it: ask the admins for a new kit, and whether the CA was replaced',
  },
  otherHost: {
    says: 'Error on check of peer certificate',
    means:
      'something else answers at this address, or you use another name for it than that of `condor_config`',
  },
} as const satisfies Readonly<Record<string, Message>>;

/** What the tools say besides. */
export const SAID = {
  unreachable: {
    says: 'CEDAR:6001:Failed to connect to',
    means: 'the port is closed on the way from here to the facility, or the access point is down',
  },
  unknownHost: {
    says: 'unknown host',
    means: 'the host name cannot be resolved here',
  },
  noReschedule: {
    says: "Can't send RESCHEDULE",
    means:
      'nothing is wrong: it is a hint over UDP, which encryption with AES does not have. The job is in the queue',
  },
} as const satisfies Readonly<Record<string, Message>>;
