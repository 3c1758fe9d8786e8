import { PATHS } from './config/common';

/**
 * Shell that runs in the pods: plain POSIX, with the core utilities of the image alone.
 */

/** Where Secrets are mounted, and where the daemon's own copies are. */
export const SECRET_SOURCE = '/in';
export const SECRET_COPY = '/own';

/** Folders for logs, locks and sockets, before they are mounted where HTCondor looks. */
export const LOCAL = '/local';

/** Folders of secrets that HTCondor knows, by the last part of their path. */
export const SECRET_FOLDERS = ['tokens.d', 'passwords.d', 'pool-password'] as const;

/**
 * HTCondor refuses a secret that is not its own user's, and the files of a mounted Secret are root's: so they are
 * copied. What is gone from the Secret goes from the copy; a file is replaced whole, never while somebody reads it.
 */
const COPY = `copy() {
  for folder in ${SECRET_FOLDERS.join(' ')}; do
    mkdir -p -m 0700 ${SECRET_COPY}/$folder
    for file in ${SECRET_SOURCE}/$folder/*; do
      [ -f "$file" ] || continue
      target=${SECRET_COPY}/$folder/\${file##*/}
      [ -f "$target" ] && [ "$(cat "$file")" = "$(cat "$target")" ] && continue
      install -m 0600 "$file" ${SECRET_COPY}/.new && mv -f ${SECRET_COPY}/.new "$target"
    done
    for file in ${SECRET_COPY}/$folder/*; do
      [ ! -f "$file" ] || [ -f ${SECRET_SOURCE}/$folder/"\${file##*/}" ] || rm -f "$file"
    done
  done
}`;

/** Runs once, before what reads the secrets. */
export const PREPARE_SECRETS = `set -eu
${COPY}
copy
`;

/** Runs once, before the daemons. */
export const PREPARE_DAEMON = `${PREPARE_SECRETS}mkdir -p -m 0755 ${LOCAL}/log ${LOCAL}/lock ${LOCAL}/run
`;

/** How soon a changed Secret is looked for; the kubelet itself takes up to a minute to bring it. */
const REFRESH_SECONDS = 20;

/**
 * Runs beside the daemons: HTCondor reads tokens and keys at each log-in, so a fresh copy is enough and nothing restarts.
 */
export const REFRESH_SECRETS = `set -u
trap 'exit 0' TERM INT
${COPY}
while :; do
  copy
  sleep ${String(REFRESH_SECONDS)} &
  wait $!
done
`;

/**
 * Folders of a worker belong to condor and nobody else writes into them: jobs run in the same pod. A worker needs no
 * copies of Secrets, because its daemons start as root, which owns what is mounted.
 */
export const PREPARE_EXECUTE = `set -eu
for folder in log lock run execute; do
  mkdir -p -m 0755 ${LOCAL}/$folder
  chown condor:condor ${LOCAL}/$folder
done
`;

/** Lets running jobs end and takes no new one; returns when the last has ended, so that the pod may go. */
export const DRAIN = `condor_off -peaceful -daemon startd
while grep -qsx condor_startd /proc/[0-9]*/comm; do sleep 2; done
`;

/** The master answers for its own health only: a daemon that died is started again by the master, not by a new pod. */
export const MASTER_ALIVE = `condor_who -quick | grep -q 'MASTER = "Alive"'`;
export const STARTD_ALIVE = `condor_who -quick | grep -q 'STARTD = "Alive"'`;

/**
 * A worker has started when the collector knows it. One that is not let in stops the rollout that it is part of, and
 * nobody starts another worker for a job that this one is about to take.
 */
export const STARTD_REGISTERED = `${STARTD_ALIVE} &&
condor_status -af Machine -constraint "regexp(\\"^$HOSTNAME([.]|$)\\", Machine)" | grep -q .`;

/** Where the folders of {@link LOCAL} are mounted. */
export const LOCAL_MOUNTS = { log: PATHS.log, lock: PATHS.lock, run: PATHS.run } as const;
