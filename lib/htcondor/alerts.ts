import type {
  PrometheusRuleSpecGroups,
  PrometheusRuleSpecGroupsRules,
} from '../../imports/monitoring.coreos.com';
import { PrometheusRuleSpecGroupsRulesExpr } from '../../imports/monitoring.coreos.com';
import { EXPORTER, NAMESPACE } from './release';

export interface AlertsProps {
  /** Groups of workers that always have some. */
  readonly standingPools: readonly string[];
  /** Seconds between two rounds of the negotiator. */
  readonly negotiatorIntervalSeconds: number;
  /** Tokens that end, by their file names. */
  readonly tokens: readonly string[];
  /** Whether clients outside see a certificate. */
  readonly hasCertificates: boolean;
  /** Address of the folder of runbooks, for who reads the alert. @default they are named by their path alone */
  readonly runbooks?: string;
}

interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it must be so. */
  readonly for: string;
  /** critical: jobs do not start or soon will not. warning: somebody should look on a working day. */
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
}

/** File of the runbooks, a section for each alert. */
export const RUNBOOK = 'htcondor-alerts.md';

const DAY = 86_400;
/** Tokens live 90 days, certificates as long, renewed 30 days before they end: less than this is a fault. */
const NOTICE_SECONDS = 14 * DAY;
const LAST_NOTICE_SECONDS = 3 * DAY;
/** Held jobs of one owner: some are everyday, so many are a script that goes wrong. */
const MANY_HELD = 50;
/** The negotiator tells the collector every five minutes how it was, and may miss that once. */
const NEGOTIATOR_SILENCE_SECONDS = 900;
const SLOW_ROUND_SECONDS = 120;

const CERTIFICATE = `certmanager_certificate_expiration_timestamp_seconds{namespace="${NAMESPACE}"}`;

/** Alerts of a pool. Each has a section of that name in `docs/runbooks`. */
export function alertGroups(props: AlertsProps): PrometheusRuleSpecGroups[] {
  const { runbooks } = props;
  const rules = alerts(props).map(
    ({ alert, expr, for: time, severity, summary }): PrometheusRuleSpecGroupsRules => ({
      alert,
      expr: PrometheusRuleSpecGroupsRulesExpr.fromString(expr),
      for: time,
      labels: { severity },
      annotations: {
        summary,
        runbook: `docs/runbooks/${RUNBOOK}#${alert.toLowerCase()}`,
        ...(runbooks === undefined
          ? {}
          : { runbook_url: `${runbooks.replace(/\/$/, '')}/${RUNBOOK}#${alert.toLowerCase()}` }),
      },
    }),
  );
  return [{ name: 'htcondor', rules }];
}

function alerts(props: AlertsProps): Alert[] {
  return [...daemonAlerts(props), ...jobAlerts(props), ...tokenAlerts(props), ...certificateAlerts(props)];
}

function daemonAlerts({ negotiatorIntervalSeconds: interval }: AlertsProps): Alert[] {
  return [
    {
      alert: 'HTCondorExporterDown',
      expr: `absent(up{namespace="${NAMESPACE}", job="${EXPORTER.name}"} == 1)`,
      for: '10m',
      severity: 'critical',
      summary: 'Nothing is known of the pool, and no worker comes for idle jobs.',
    },
    {
      alert: 'HTCondorCollectorDown',
      expr: 'htcondor_up{daemon="collector"} == 0',
      for: '5m',
      severity: 'critical',
      summary: 'The central manager does not answer: running jobs go on, and no new one starts.',
    },
    {
      alert: 'HTCondorScheddDown',
      expr: 'htcondor_up{daemon="schedd"} == 0',
      for: '10m',
      severity: 'critical',
      summary:
        'Access point {{ $labels.name }} does not answer: its running jobs are lost when it is away too long.',
    },
    {
      alert: 'HTCondorNegotiatorSlow',
      expr: [
        `htcondor_negotiation_cycle_duration_seconds > ${String(Math.max(SLOW_ROUND_SECONDS, interval))}`,
        `time() - htcondor_negotiation_cycle_end_timestamp_seconds > ${String(2 * interval + NEGOTIATOR_SILENCE_SECONDS)}`,
        'htcondor_daemons{type="negotiator"} == 0',
      ].join(' or '),
      for: '10m',
      severity: 'warning',
      summary: 'Rounds of the negotiator are late or long: free slots wait for jobs.',
    },
  ];
}

function jobAlerts({ standingPools }: AlertsProps): Alert[] {
  return [
    ...(standingPools.length === 0
      ? []
      : [
          {
            alert: 'HTCondorPoolEmpty',
            expr: `htcondor_workers{pool=~"${standingPools.join('|')}"} == 0`,
            for: '15m',
            severity: 'critical' as const,
            summary: 'Pool {{ $labels.pool }} has no worker, and should always have some.',
          },
        ]),
    {
      alert: 'HTCondorJobsHeld',
      expr: `sum by (owner, experiment) (htcondor_jobs{state="held"}) >= ${String(MANY_HELD)}`,
      for: '30m',
      severity: 'warning',
      summary: '{{ $value }} jobs of {{ $labels.owner }} are held.',
    },
    {
      alert: 'HTCondorJobsImpossible',
      expr: 'htcondor_idle_jobs_impossible > 0',
      for: '1h',
      severity: 'warning',
      summary: '{{ $value }} idle jobs at {{ $labels.access_point }} ask for more than any worker offers.',
    },
  ];
}

function tokenAlerts({ tokens }: AlertsProps): Alert[] {
  const left = 'htcondor_token_expiry_timestamp_seconds - time()';
  const known = `count(htcondor_token_expiry_timestamp_seconds{token=~"${tokens.join('|')}"})`;
  return [
    {
      alert: 'HTCondorTokenExpires',
      expr: `${left} < ${String(NOTICE_SECONDS)}`,
      for: '1h',
      severity: 'warning',
      summary: 'Token {{ $labels.token }} ends in {{ $value | humanizeDuration }}.',
    },
    {
      alert: 'HTCondorTokenExpires',
      expr: `${left} < ${String(LAST_NOTICE_SECONDS)}`,
      for: '10m',
      severity: 'critical',
      summary:
        'Token {{ $labels.token }} ends in {{ $value | humanizeDuration }}: then its daemons leave the pool.',
    },
    {
      alert: 'HTCondorTokenExpiryUnknown',
      expr: `count(htcondor_up) > 0 unless ${known} == ${String(tokens.length)}`,
      for: '1h',
      severity: 'warning',
      summary: 'Nobody has said when all tokens of the pool end, so nobody is told before they do.',
    },
  ];
}

function certificateAlerts({ hasCertificates }: AlertsProps): Alert[] {
  if (!hasCertificates) return [];
  return [
    {
      alert: 'HTCondorCertificateExpires',
      expr: `min by (name) (${CERTIFICATE}) - time() < ${String(NOTICE_SECONDS)}`,
      for: '1h',
      severity: 'critical',
      summary: 'Certificate {{ $labels.name }} ends in {{ $value | humanizeDuration }}, and is not renewed.',
    },
    {
      alert: 'HTCondorCertificateExpiryUnknown',
      expr: `absent(${CERTIFICATE})`,
      for: '1h',
      severity: 'warning',
      summary: 'cert-manager does not say when the certificates of the pool end.',
    },
  ];
}
