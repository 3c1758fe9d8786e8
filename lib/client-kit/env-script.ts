import { CA_FILE, generatedBy, type ClientKitProps, type OpenAccessPoint } from './props';

/**
 * Points the tools of one shell at the pool, wherever the folder is. The token has a file of its own, because the usual
 * one may hold a token for storage.
 *
 * It runs in the user's own shell: it must not end it, and must bear `set -eu`.
 */
export function envScript({ site, displayName, trust }: ClientKitProps): string {
  return `# ${generatedBy(site)}
# Points HTCondor's tools of this shell at ${displayName}: source env.sh (bash or zsh).
if [ -n "\${BASH_VERSION:-}" ]; then
  AF_CLIENT_KIT=$BASH_SOURCE
elif [ -n "\${ZSH_VERSION:-}" ]; then
  eval 'AF_CLIENT_KIT=\${(%):-%x}'
else
  AF_CLIENT_KIT=./env.sh
fi
AF_CLIENT_KIT=$(CDPATH= cd -- "$(dirname -- "$AF_CLIENT_KIT")" && pwd)
if [ ! -f "$AF_CLIENT_KIT/condor_config" ]; then
  echo "env.sh: there is no condor_config in $AF_CLIENT_KIT; source env.sh from bash or zsh, or from its own folder" >&2
  unset AF_CLIENT_KIT
  return 1
fi
${trust.type === 'public' ? '' : missingCa}export CONDOR_CONFIG="$AF_CLIENT_KIT/condor_config"
unset _condor_SCHEDD_HOST
if [ -d "\${XDG_RUNTIME_DIR:-}" ]; then
  export BEARER_TOKEN_FILE="$XDG_RUNTIME_DIR/${site}.token"
else
  export BEARER_TOKEN_FILE="$HOME/.${site}.token"
fi
if [ -n "\${BEARER_TOKEN:-}" ]; then
  echo "env.sh: BEARER_TOKEN is set, and is used instead of the file $BEARER_TOKEN_FILE; unset it for this facility" >&2
fi
`;
}

const missingCa = `if [ ! -f "$AF_CLIENT_KIT/${CA_FILE}" ]; then
  echo "env.sh: $AF_CLIENT_KIT/${CA_FILE} is missing, without which no access point is trusted; README.md says how to get it" >&2
  unset AF_CLIENT_KIT
  return 1
fi
`;

/** The same for another access point than the first. */
export function otherEnvScript(
  { site, displayName, hostName }: ClientKitProps,
  { name, port }: OpenAccessPoint,
): string {
  return `# ${generatedBy(site)}
# As env.sh, for the access point ${name} of ${displayName}.
if [ -n "\${BASH_VERSION:-}" ]; then
  AF_CLIENT_KIT=$BASH_SOURCE
elif [ -n "\${ZSH_VERSION:-}" ]; then
  eval 'AF_CLIENT_KIT=\${(%):-%x}'
else
  AF_CLIENT_KIT=./env.sh
fi
. "$(CDPATH= cd -- "$(dirname -- "$AF_CLIENT_KIT")" && pwd)/env.sh" || return 1
export _condor_SCHEDD_HOST=${hostName}:${String(port)}
`;
}
