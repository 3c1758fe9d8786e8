import type { Place } from './pool';
import { must } from './pool';

/**
 * Judges configuration by the binaries that read it: whether it parses, and whether each parameter is one that they
 * know. HTCondor itself takes any name without a word.
 */
export interface Lint {
  /** How many parameters were looked at. */
  readonly looked: number;
  readonly unknown: readonly string[];
}

const PERMISSION =
  '(?:READ|WRITE|DAEMON|ADMINISTRATOR|NEGOTIATOR|CONFIG|OWNER|CLIENT|DEFAULT|ADVERTISE_(?:STARTD|SCHEDD|MASTER))';

/** Parameters whose names have a part that the configuration itself chooses, or that HTCondor puts together. */
const COMPOSED = [
  new RegExp(`^(?:ALLOW|DENY)_${PERMISSION}$`),
  new RegExp(
    `^SEC_${PERMISSION}_(?:AUTHENTICATION|ENCRYPTION|INTEGRITY|CRYPTO_METHODS|AUTHENTICATION_METHODS|NEGOTIATION)$`,
  ),
  /^GROUP_QUOTA(?:_DYNAMIC)?_[\w.]+$/,
  /^(?:NUM_)?SLOTS?_TYPE_\d+(?:_PARTITIONABLE)?$/,
  /^SLOT\d+_\d+_USER$/,
  /^SUBMIT_REQUIREMENT_\w+$/,
  /^SYSTEM_PERIODIC_(?:HOLD|RELEASE|REMOVE)_\w+$/,
  /^(?:MAX_|MAX_NUM_)?SCHEDD_AUDIT_LOG$/,
  /^JOB_TRANSFORM_\w+$/,
  /^STARTD_CRON_\w+$/,
  /^MACHINE_RESOURCE_\w+$/,
  /^CLASSAD_USER_MAPFILE_\w+$/,
  /^(?:SCHEDD|NEGOTIATOR)_CLASSAD_USER_MAP_NAMES$/,
  /^(?:SCHEDD|STARTD|COLLECTOR|NEGOTIATOR|MASTER)_ARGS$/,
  /^(?:CONDOR_HOST|GPU_DISCOVERY_EXTRA)$/,
];

const SUMMARY = `lint() {
  printf 'LOCAL_CONFIG_DIR = %s\\nREQUIRE_LOCAL_CONFIG_FILE = true\\n' "$1" > /tmp/lint.conf
  CONDOR_CONFIG=/tmp/lint.conf condor_config_val -summary
}
`;

/** Looks at the configuration as it is mounted, or at a folder that a script fills. */
export function lint(place: Place, folder = '/etc/condor/config.d', fill = ''): Lint {
  // The summary has what is behind each `use`, and leaves out what is the default.
  const summary = must(place, `${SUMMARY}${fill}\nlint ${folder}`);
  const text = must(place, `cat ${folder}/*.conf`);
  const set = [...new Set([...namesIn(summary), ...namesIn(text)])];
  const own = ownNames(text);
  const known = new Set(
    namesIn(must(place, `: > /tmp/empty.conf; CONDOR_CONFIG=/tmp/empty.conf condor_config_val -dump`)),
  );
  const doubtful = set.filter((name) => !known.has(name) && !COMPOSED.some((form) => form.test(name)));
  // Attributes that the configuration names itself, and gives to ads, are not HTCondor's to know.
  const mentioned = inBinaries(place, doubtful);
  return { looked: set.length, unknown: doubtful.filter((name) => !mentioned.has(name) && !own.has(name)) };
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/^([A-Za-z][\w.]*) *=/gm)].map(([, name = '']) => name.toUpperCase());
}

/** What goes from parameters into ads, by STARTD_ATTRS and its like. */
function ownNames(text: string): ReadonlySet<string> {
  const lists = [...text.matchAll(/^(?:STARTD|SCHEDD)_ATTRS *= *(.*)$/gm)].map(([, list = '']) => list);
  return new Set(lists.flatMap((list) => list.split(/[\s,]+/)).map((name) => name.toUpperCase()));
}

/** Names that the daemons and their library contain: some parameters are in no table. */
function inBinaries(place: Place, names: readonly string[]): ReadonlySet<string> {
  if (names.length === 0) return new Set();
  const files = '/usr/sbin/condor_* /usr/lib*/libcondor_utils*';
  const found = must(
    place,
    `grep --text --only-matching --ignore-case --word-regexp --no-filename -E '${names.join('|')}' ${files} || :`,
  );
  return new Set(found.split('\n').map((name) => name.toUpperCase()));
}
