interface Exclusion {
  /** Objects, and parts of them, that it is about: `Kind/group/version/namespace/name path`. @default all */
  readonly of?: RegExp;
  /** What the tool says. @default anything */
  readonly saying?: RegExp;
  readonly reason: string;
}

const LONGHORN = /\/longhorn-system\/longhorn-/;
const HTCONDOR = /\/htcondor(-execute)?\//;
const HUB_AND_PROXY = /\/jupyterhub\/(hub|proxy) /;

/** What kube-score holds against objects and is not held against ours, each with its reason. */
export const EXCLUDED: Readonly<Record<string, readonly Exclusion[]>> = {
  'container-image-pull-policy': [
    {
      reason:
        'every image has a full version, so a node that has it has the right one; Always makes the registry a part of every start',
    },
  ],
  'container-resources': [
    {
      saying: /CPU limit is not set/,
      reason: 'a CPU limit throttles a program on a node that is idle; requests share CPU fairly',
    },
  ],
  'container-ephemeral-storage-request-and-limit': [
    { reason: 'nothing but logs and sockets is written to a node; what writes more has a volume' },
  ],
  'container-security-context-user-group-id': [
    {
      reason:
        'the tool wants ids above 10000; images of upstream run as the user that they are built for, and AF-SEC-42 sees that it is not root',
    },
  ],
  'networkpolicy-targets-pod': [
    {
      reason:
        'policies also select pods that a program makes at run time: solvers, instance managers, user pods',
    },
  ],
  'service-targets-pod': [
    {
      of: LONGHORN,
      reason: "Longhorn's manager labels its own pods when its webhook runs; AF-REF-40 knows which labels",
    },
    {
      of: /\/jupyterhub-users\/spark-/,
      reason: 'notebooks with Spark, which the hub starts, are found by it; AF-REF-40 knows their labels',
    },
  ],
  'deployment-replicas': [
    { reason: 'how many replicas run is the choice of a site, and one is right where there is one node' },
  ],
  'deployment-has-host-podantiaffinity': [
    { reason: 'spread is by topologySpreadConstraints, which the tool does not look at' },
  ],
  'deployment-has-poddisruptionbudget': [
    {
      reason:
        'a budget for one replica, or for a user interface, stops the drain of a node and protects nothing',
    },
  ],
  'container-security-context-readonlyrootfilesystem': [
    {
      of: LONGHORN,
      reason:
        'images of upstream write beside their program: nginx its temporary files, the manager its sockets',
    },
    {
      of: HTCONDOR,
      reason: 'the daemons and their tools write logs, locks and sockets into folders of the image',
    },
    {
      of: HUB_AND_PROXY,
      reason: 'images of upstream write temporary files and what they compile beside their program',
    },
  ],
  'pod-probes-identical': [
    {
      of: /\/jupyterhub\/(hub|proxy|user-scheduler) /,
      reason:
        "one address says whether the program answers; upstream's probes differ in patience, not in question",
    },
  ],
  'deployment-strategy': [
    {
      of: HUB_AND_PROXY,
      reason:
        'two of them at a time would share one database and one set of routes: Recreate, as upstream has it',
    },
  ],
  'statefulset-has-servicename': [
    {
      of: HTCONDOR,
      reason:
        'the daemons are reached by a Service that balances over one pod; nothing asks for a pod by name',
    },
  ],
  'service-type': [
    {
      of: /\/htcondor\/.*-external /,
      reason: 'the entrance for clients outside, which a site asks for',
    },
    {
      of: /\/jupyterhub\/proxy-public /,
      reason: 'the entrance behind the TLS front of a site, which asks for it',
    },
  ],
  'container-security-context-privileged': [
    {
      of: /\/longhorn-system\/longhorn-manager/,
      reason: 'it mounts volumes for pods of its node; AF-ARGO-15 keeps the level to its namespace',
    },
  ],
  'pod-probes': [
    {
      saying: /livenessProbe/,
      reason:
        'a liveness probe restarts what is only slow; only programs that upstream says can hang have one',
    },
    {
      of: /\/cert-manager\/cert-manager(-cainjector)? /,
      saying: /readinessProbe/,
      reason: 'controllers that nobody connects to',
    },
  ],
};

/** The exclusion that a comment of the tool falls under. */
export function exclusionOf(
  check: string,
  object: string,
  path: string,
  summary: string,
): Exclusion | undefined {
  return EXCLUDED[check]?.find(
    ({ of = /(?:)/, saying = /(?:)/ }) => of.test(`${object} ${path}`) && saying.test(summary),
  );
}
