import { EXAMPLE } from './example';
import { code, table } from './markdown';
import { DIAGNOSED, DIAGNOSIS, REFUSED, SAID, type Message } from './messages';
import { CA_FILE, caCommand, generatedBy, TOOLS, type ClientKitProps } from './props';
import { tokenSection } from './readme-token';

/** The page that a user reads, with everything that is particular to the site filled in. */
export function readme(props: ClientKitProps): string {
  const sections = [
    head(props),
    stepLeft(props),
    needs(props),
    tokenSection(props),
    submitSection(props),
    sizes(props),
    messages(props),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function head({
  site,
  displayName,
  hostName,
  accessPoints,
  collectorPort,
  allowFrom,
  trustDomain,
  experiments,
  hub,
  contacts,
}: ClientKitProps): string {
  const rows = [
    ...accessPoints.map(({ name, port }) => [`Access point ${name}`, code(`${hostName}:${String(port)}`)]),
    ...(collectorPort === undefined
      ? []
      : [['Collector, for reading', code(`${hostName}:${String(collectorPort)}`)]]),
    ...(allowFrom ? [['Reachable from', allowFrom.map(code).join(', ')]] : []),
    ['Experiments', experiments.map(({ name }) => name).join(', ')],
    [
      'Your name in the pool',
      `${code(`${experiments[0]?.name ?? ''}_`)} followed by the \`sub\` of your token, ${code(`@${trustDomain}`)}${experiments.length > 1 ? '; the first part is your experiment’s' : ''}`,
    ],
    ...(hub === undefined ? [] : [['Notebooks', `https://${hub}`]]),
    ['Questions', contacts.admins.join(', ')],
    ['Security', contacts.security],
  ];
  return `<!-- ${generatedBy(site)} -->
# ${displayName}: jobs from outside

Everything that HTCondor's tools need to send jobs to this facility from your own machine, and bring their output back. There is
nothing secret in this folder, and nothing to fill in.

${table(['what', 'value'], rows)}`;
}

function stepLeft({ trust }: ClientKitProps): string {
  if (trust.type !== 'missing') return '';
  return `## One step is left

\`${CA_FILE}\`, the certificate of the CA \`${trust.issuer}\`, is not in this folder yet. An admin of the facility writes it into this folder, with
access to the cluster; without it no access point is trusted:

\`\`\`sh
${caCommand(trust.secret, CA_FILE)}
\`\`\``;
}

function needs({ trust, accessPoints }: ClientKitProps): string {
  const [, ...others] = accessPoints;
  const certificates =
    trust.type === 'ca'
      ? trust.certificates.map(
          ({ subject, until, fingerprint }) =>
            `${subject}, valid until ${until.slice(0, 10)}, SHA-256 ${code(fingerprint)}`,
        )
      : [];
  const files = [
    ['`env.sh`', 'points the tools of a shell at this facility: `source env.sh`, in bash or zsh'],
    ...others.map(({ name }) => [code(`env-${name}.sh`), `the same for the access point ${name}`]),
    ['`condor_config`', 'the configuration of the tools: address, authentication, encryption'],
    ...(trust.type === 'public'
      ? []
      : [
          [
            code(CA_FILE),
            ['the CA that signs the certificate of the access points', ...certificates].join(': '),
          ],
        ]),
    [code(`${EXAMPLE}/`), 'jobs that run as they are'],
  ];
  return `## What you need

- HTCondor's tools, release ${String(TOOLS.from)} to ${String(TOOLS.to)}. No daemon has to run on your machine. Debian 13: \`sudo apt install condor\`; other systems:
  [HTCondor's guide](https://htcondor.readthedocs.io/en/latest/getting-htcondor/index.html). If your machine belongs to a pool already, that goes on as it was: the settings
  here hold for one shell.
- [oidc-agent](https://indigo-dc.gitbook.io/oidc-agent/), which keeps your log-in and makes tokens: \`sudo apt install oidc-agent\`.

${table(['file', 'what it is'], files)}`;
}

function submitSection({ accessPoints, collectorPort }: ClientKitProps): string {
  const [, ...others] = accessPoints;
  return `## Submit, watch, fetch

\`\`\`sh
source env.sh
condor_ping -type schedd -table READ WRITE      # both ALLOW, and your name
cd ${EXAMPLE}
condor_submit -spool pi.sub                     # says the number of the cluster, such as 12
condor_q -nobatch                               # I waits, R runs, C is done, H is held (at first: its files are on the way)
condor_transfer_data 12                         # brings the output, with the number that was said
cat pi.*.txt
condor_rm 12                                    # the output is here: done jobs leave the queue
\`\`\`

- \`-spool\` is needed: it sends the files of the job along, because the access point does not see your disk.
- Done jobs stay in the queue for ten days, with their output, whether it was fetched or not; then both are gone. Look at what came, and remove them: they count
  as jobs in the queue, and take up space. \`condor_transfer_data -all\` fetches the output of all.
- \`condor_q -held\` says why a job is held, \`condor_release 12\` lets it go on, \`condor_rm 12\` takes it away, with output that was not fetched.
- The program and the files of \`transfer_input_files\` go along. What the job prints comes back, with the files that it leaves at the top of its folder; with
  \`transfer_output_files\` only those that are named.
- The log of a job comes with its output, so \`condor_wait\` does not see it grow. \`condor_tail\` and \`condor_ssh_to_job\` do not work from outside.
- ${collectorPort === undefined ? '`condor_status` does not work from outside: workers are seen from inside the facility only.' : '`condor_status` shows the workers.'}
- DAGMan (\`condor_submit_dag\`) does not work with this access point: only jobs of the vanilla universe are taken.${others.map(({ name }) => `\n- \`source env-${name}.sh\` changes to the access point ${name}; each has a queue of its own.`).join('')}`;
}

function sizes({
  workers,
  limits,
  accessPoints,
  experiments,
  hasCvmfs,
  hasContainers,
  jobEgress,
}: ClientKitProps): string {
  const rows = workers.map(({ name, cpus, memory, disk, gpus, onlyFor }) => [
    name,
    String(cpus),
    memory,
    disk,
    gpus ? `${String(gpus.count)} × ${gpus.product}` : '–',
    onlyFor ? onlyFor.join(', ') : 'all',
  ]);
  const most = accessPoints.map(({ name, maxJobsPerOwner }) => `${String(maxJobsPerOwner)} on ${name}`);
  const grouped = experiments.filter(({ groups }) => groups.length > 1);
  return `## How large a job may be

${table(['workers', 'cores', 'memory', 'scratch', 'GPUs', 'for'], rows)}

- A job says what it needs: \`request_cpus\`, \`request_memory\`, \`request_disk\`${workers.some(({ gpus }) => gpus) ? ', `request_gpus`' : ''}. One that uses more memory or scratch than it has asked for is held.
- It runs at most ${hours(limits.wallTimeSeconds)}, then it is held.${limits.scratch === undefined ? '' : ` It may fill at most ${limits.scratch} of scratch space.`}
- You may have so many jobs in the queue: ${most.join(', ')}.
- Jobs reach ${jobEgress.length === 0 ? 'nothing outside of the facility' : `these places outside of the pool, and no others: ${jobEgress.join(', ')}`}.${hasCvmfs ? '\n- CVMFS: `requirements = HasCvmfs`.' : ''}${hasContainers ? '\n- A job may bring its container: `container_image`, a file in the Apptainer format, a folder in CVMFS or `docker://`, where workers reach the registry.' : ''}${grouped
    .map(
      ({ name, groups }) =>
        `\n- Jobs of ${name} may name a group for their share: ${groups.map((group) => code(`accounting_group = ${group}`)).join(' or ')}.`,
    )
    .join('')}`;
}

function hours(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const [name, size] = units.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  const amount = seconds / size;
  return `${String(amount)} ${name}${amount === 1 ? '' : 's'}`;
}

function messages({ trust }: ClientKitProps): string {
  const rows = (list: readonly Message[]) => list.map(({ says, means }) => [code(says), means]);
  const { unknownCa, ...others } = DIAGNOSED;
  const diagnosed =
    trust.type === 'public' ? { ...others, unknownCa: { ...unknownCa, means: PUBLIC_CA } } : DIAGNOSED;
  return `## What the messages mean

${table(['it says', 'it is'], rows(Object.values(SAID)))}

\`${REFUSED}\` is said of everything that may be wrong with certificates and tokens. Ask for each step:

\`\`\`sh
${DIAGNOSIS}
\`\`\`

${table(['one of its lines', 'it is'], rows(Object.values(diagnosed)))}

If \`READ\` is allowed and \`WRITE\` is not, the token lacks scopes: all of those above are needed to submit. What is in a token:

\`\`\`sh
cut -d. -f2 "$BEARER_TOKEN_FILE" | tr '_-' '/+' | base64 -d 2>/dev/null; echo
\`\`\``;
}

const PUBLIC_CA =
  'the access point shows a certificate that your machine does not trust. Do not go around it: bring the package `ca-certificates` up to date, then ask the admins';
