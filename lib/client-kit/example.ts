import { generatedBy, type ClientKitProps } from './props';

/** Folder of the example. */
export const EXAMPLE = 'example';

/**
 * Three jobs that reckon π and bring a file back: with arguments, output of their own, and a seed that differs.
 *
 * Each has files of its own name, because all of them come back into one folder.
 */
export function exampleFiles({ site }: ClientKitProps): [path: string, text: string][] {
  return [
    [`${EXAMPLE}/pi.sub`, submitFile(site)],
    [`${EXAMPLE}/pi.sh`, script(site)],
  ];
}

function submitFile(site: string): string {
  return `# ${generatedBy(site)}
# condor_submit -spool pi.sub
executable = pi.sh
arguments = $(Process) 200000

output = pi.$(Process).out
error = pi.$(Process).err
log = pi.$(Process).log

request_cpus = 1
request_memory = 128MB
request_disk = 10MB

should_transfer_files = YES
when_to_transfer_output = ON_EXIT
transfer_output_files = pi.$(Process).txt

queue 3
`;
}

function script(site: string): string {
  return `#!/bin/sh
# ${generatedBy(site)}
# Throws points into a square and counts those in the circle; two arguments: a seed, and how many points.
set -eu
seed=$1 points=$2
echo "job $seed runs on $(uname -n)"
awk -v seed="$seed" -v points="$points" 'BEGIN {
  srand(seed + 1)
  for (i = 0; i < points; i++) { x = rand(); y = rand(); if (x * x + y * y < 1) inside++ }
  printf "%.5f\\n", 4 * inside / points
}' > "pi.$seed.txt"
`;
}
