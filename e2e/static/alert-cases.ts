/** What Prometheus has seen, minute by minute, in its own notation: `1x90` is 1 for an hour and a half. */
type Seen = Readonly<Record<string, string>>;

/** A fault, and who is called for it. */
export interface AlertCase {
  readonly what: string;
  /** Series that differ from those of a healthy pool; an empty text is one that is gone. */
  readonly seen: Seen;
  /** Alerts that fire, each with the labels that tell one from another. */
  readonly fires: readonly string[];
  /** Minutes after which they do; two minutes earlier nobody is called. */
  readonly after: number;
}

const DAY = 86_400;
const LAST_MINUTE = 150;
const always = (value: number) => `${String(value)}x${String(LAST_MINUTE)}`;
const gone = '';

const TOKENS = ['ap', 'execute', 'monitor', 'monitor-queue'];
const token = (name: string) => `htcondor_token_expiry_timestamp_seconds{token="${name}"}`;
const certificate = (namespace: string, name: string) =>
  `certmanager_certificate_expiration_timestamp_seconds{namespace="${namespace}", name="${name}"}`;
const held = (accessPoint: string) =>
  `htcondor_jobs{access_point="${accessPoint}", state="held", owner="cms_alice", experiment="cms"}`;

const UP = 'up{namespace="htcondor", job="exporter"}';
const COLLECTOR = 'htcondor_up{daemon="collector", name="central-manager"}';
const SCHEDD = 'htcondor_up{daemon="schedd", name="ap1"}';
const CYCLE = 'htcondor_negotiation_cycle_duration_seconds';
const CYCLE_END = 'htcondor_negotiation_cycle_end_timestamp_seconds';
const NEGOTIATOR = 'htcondor_daemons{type="negotiator"}';
const CPU = 'htcondor_workers{pool="cpu"}';
const IMPOSSIBLE = 'htcondor_idle_jobs_impossible{access_point="ap1"}';
const AP1 = certificate('htcondor', 'access-point-ap1');

/** A pool of the site two-experiments on a good day; time begins with 1970. */
export const HEALTHY: Seen = {
  [UP]: always(1),
  [COLLECTOR]: always(1),
  [SCHEDD]: always(1),
  [CYCLE]: always(120),
  [CYCLE_END]: `0+60x${String(LAST_MINUTE)}`,
  [NEGOTIATOR]: always(1),
  [CPU]: always(2),
  // It has workers for jobs only.
  'htcondor_workers{pool="a100"}': always(0),
  [held('ap1')]: always(49),
  'htcondor_jobs{access_point="ap1", state="held", owner="cms_bob", experiment="cms"}': always(49),
  'htcondor_jobs{access_point="ap1", state="idle", owner="cms_alice", experiment="cms"}': always(5000),
  [IMPOSSIBLE]: always(0),
  ...Object.fromEntries(TOKENS.map((name) => [token(name), always(15 * DAY)])),
  [AP1]: always(15 * DAY),
  [certificate('jupyterhub', 'hub')]: always(DAY),
};

const SILENT = Object.fromEntries(
  Object.keys(HEALTHY).flatMap((series) => (series.startsWith('htcondor_') ? [[series, gone]] : [])),
);

export const ALERT_CASES: readonly AlertCase[] = [
  { what: 'nothing', seen: {}, fires: [], after: LAST_MINUTE },
  {
    what: 'an exporter that is away, and with it all that it says',
    seen: { ...SILENT, [UP]: always(0) },
    fires: ['HTCondorExporterDown critical'],
    after: 10,
  },
  {
    what: 'an exporter that nobody has found',
    seen: { ...SILENT, [UP]: gone },
    fires: ['HTCondorExporterDown critical'],
    after: 10,
  },
  {
    what: 'a collector that does not answer',
    seen: { [COLLECTOR]: always(0), [CPU]: gone, [CYCLE]: gone, [CYCLE_END]: gone, [NEGOTIATOR]: gone },
    fires: ['HTCondorCollectorDown critical central-manager'],
    after: 5,
  },
  {
    what: 'an access point that does not answer',
    seen: { [SCHEDD]: always(0), [held('ap1')]: gone },
    fires: ['HTCondorScheddDown critical ap1'],
    after: 10,
  },
  {
    what: 'long rounds of the negotiator',
    seen: { [CYCLE]: always(121) },
    fires: ['HTCondorNegotiatorSlow warning'],
    after: 10,
  },
  {
    what: 'a negotiator that has stopped',
    seen: { [CYCLE_END]: always(0) },
    fires: ['HTCondorNegotiatorSlow warning'],
    // Two rounds of a minute and the silence of a quarter of an hour are over after 18.
    after: 28,
  },
  {
    what: 'a negotiator that is gone',
    seen: { [NEGOTIATOR]: always(0), [CYCLE]: gone, [CYCLE_END]: gone },
    fires: ['HTCondorNegotiatorSlow warning'],
    after: 10,
  },
  {
    what: 'a pool without workers',
    seen: { [CPU]: always(0) },
    fires: ['HTCondorPoolEmpty critical cpu'],
    after: 15,
  },
  {
    what: 'many held jobs of one owner, at two access points',
    seen: { [held('ap1')]: always(25), [held('ap2')]: always(25) },
    fires: ['HTCondorJobsHeld warning cms_alice'],
    after: 30,
  },
  {
    what: 'a job that fits nowhere',
    seen: { [IMPOSSIBLE]: always(1) },
    fires: ['HTCondorJobsImpossible warning ap1'],
    after: 60,
  },
  {
    what: 'a token that ends in less than 14 days',
    seen: { [token('execute')]: always(14 * DAY) },
    fires: ['HTCondorTokenExpires warning execute'],
    // At first it is exactly 14 days.
    after: 61,
  },
  {
    what: 'a token that ends in less than three days',
    seen: { [token('ap')]: always(3 * DAY) },
    fires: ['HTCondorTokenExpires critical ap'],
    after: 11,
  },
  {
    what: 'a token whose end nobody has said',
    seen: { [token('execute')]: gone },
    fires: ['HTCondorTokenExpiryUnknown warning'],
    after: 60,
  },
  {
    what: 'no map of ends at all',
    seen: Object.fromEntries(TOKENS.map((name) => [token(name), gone])),
    fires: ['HTCondorTokenExpiryUnknown warning'],
    after: 60,
  },
  {
    what: 'a certificate that is not renewed',
    seen: { [AP1]: always(13 * DAY) },
    fires: ['HTCondorCertificateExpires critical access-point-ap1'],
    after: 60,
  },
  {
    what: 'a cert-manager that says nothing',
    seen: { [AP1]: gone },
    fires: ['HTCondorCertificateExpiryUnknown warning'],
    after: 60,
  },
];

/** Labels by which alerts of a name differ; what all have is not among them. */
const TELLING = ['name', 'pool', 'owner', 'token', 'access_point'];

/** The tests as promtool reads them. */
export function promtoolTests(ruleFile: string, cases: readonly AlertCase[]): object {
  const expr = `count by (alertname, severity, ${TELLING.join(', ')}) (ALERTS{alertstate="firing"})`;
  const at = (minutes: number, fires: readonly string[]) => ({
    expr,
    eval_time: `${String(minutes)}m`,
    exp_samples: fires.map((fired) => ({ labels: labels(fired), value: 1 })),
  });
  return {
    rule_files: [ruleFile],
    evaluation_interval: '1m',
    tests: cases.map(({ what, seen, fires, after }) => ({
      name: what,
      interval: '1m',
      input_series: Object.entries({ ...HEALTHY, ...seen })
        .filter(([, values]) => values !== gone)
        .map(([series, values]) => ({ series, values })),
      promql_expr_test: [at(after - 2, []), at(after, fires)],
    })),
  };
}

const TOLD_BY: Readonly<Record<string, string>> = {
  HTCondorCollectorDown: 'name',
  HTCondorScheddDown: 'name',
  HTCondorPoolEmpty: 'pool',
  HTCondorJobsHeld: 'owner',
  HTCondorJobsImpossible: 'access_point',
  HTCondorTokenExpires: 'token',
  HTCondorCertificateExpires: 'name',
};

function labels(fired: string): string {
  const [alert = '', severity = '', value] = fired.split(' ');
  const told = TOLD_BY[alert];
  const more = told === undefined || value === undefined ? '' : `, ${told}="${value}"`;
  return `{alertname="${alert}", severity="${severity}"${more}}`;
}
