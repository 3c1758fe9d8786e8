import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  PrometheusRule,
  ServiceMonitor,
  ServiceMonitorSpecEndpointsMetricRelabelingsAction,
} from '../../imports/monitoring.coreos.com';
import { CONTROLLER, selector as certManagerSelector } from '../cert-manager/program';
import { NAMESPACE as CERT_MANAGER } from '../cert-manager/release';
import { alertGroups, type AlertsProps } from './alerts';
import { dashboard } from './dashboard';
import { EXPORTER_MEMBER, metadata, selector } from './metadata';
import { EXPORTER, NAMESPACE } from './release';

export interface MonitoringProps extends AlertsProps {
  /** Whether the Prometheus operator is there, which takes its orders from objects. */
  readonly operator: boolean;
  /** Labels by which the Prometheus chooses monitors and rules. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Longer than the tools may take, shorter than the interval. */
const SCRAPE = { interval: '30s', scrapeTimeout: '25s' } as const;

/**
 * What the monitoring of the cluster is given: what to scrape, when to call somebody, and a dashboard.
 *
 * @see https://prometheus-operator.dev/docs/developer/getting-started/
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const about = (suffix = '') => {
      const own = metadata(EXPORTER_MEMBER, suffix);
      return { ...own, labels: { ...own.labels, ...props.labels } };
    };
    const dashboardAbout = metadata(EXPORTER_MEMBER, '-dashboard');

    new k8s.KubeConfigMap(this, 'dashboard', {
      // The label by which Grafana's sidecar finds dashboards, unless its chart was told another.
      metadata: { ...dashboardAbout, labels: { ...dashboardAbout.labels, grafana_dashboard: '1' } },
      data: { 'htcondor-pool.json': dashboard() },
    });
    if (!props.operator) return;
    new ServiceMonitor(this, 'exporter', {
      metadata: about(),
      spec: {
        selector: { matchLabels: selector(EXPORTER_MEMBER) },
        endpoints: [{ port: 'http', path: EXPORTER.metricsPath, ...SCRAPE }],
      },
    });
    if (props.hasCertificates) new ServiceMonitor(this, 'certificates', certificates(about('-certificates')));
    new PrometheusRule(this, 'rules', { metadata: about(), spec: { groups: alertGroups(props) } });
  }
}

/**
 * When the certificates of the pool end, from cert-manager, and nothing else that it says: whoever scrapes all of it
 * besides has nothing twice. The label `namespace` must be that of the certificate.
 */
function certificates(about: k8s.ObjectMeta) {
  const keep = (sourceLabels: string[], regex: string) => ({
    sourceLabels,
    regex,
    action: ServiceMonitorSpecEndpointsMetricRelabelingsAction.KEEP,
  });
  return {
    metadata: about,
    spec: {
      namespaceSelector: { matchNames: [CERT_MANAGER] },
      selector: { matchLabels: certManagerSelector(CONTROLLER) },
      endpoints: [
        {
          port: 'http-metrics',
          interval: '5m',
          honorLabels: true,
          metricRelabelings: [
            keep(['__name__'], 'certmanager_certificate_expiration_timestamp_seconds'),
            keep(['namespace'], NAMESPACE),
          ],
        },
      ],
    },
  };
}
