import { readFileSync } from 'node:fs';
import path from 'node:path';
import { at, everyMapping, labelsAt, listAt, textAt } from '../kubernetes/read';
import { alertGroups, RUNBOOK, type AlertsProps } from './alerts';
import { dashboard } from './dashboard';
import { everything, named, smallest, synthesise } from './htcondor.fixture';

const full = synthesise(everything);
const monitored = (monitoring: NonNullable<(typeof everything)['exporter']['monitoring']>) =>
  synthesise({ ...everything, exporter: { ...everything.exporter, monitoring } });

const alerts: Required<AlertsProps> = {
  standingPools: ['cpu', 'other'],
  negotiatorIntervalSeconds: 60,
  tokens: ['ap', 'execute', 'monitor', 'monitor-queue'],
  hasCertificates: true,
  runbooks: 'https://git.example.org/docs/runbooks/',
};
const rulesOf = (props: AlertsProps) => alertGroups(props).flatMap(({ rules = [] }) => rules);
const named_ = (props: AlertsProps, alert: string) => rulesOf(props).filter((rule) => rule.alert === alert);
const expressions = (props: AlertsProps) => rulesOf(props).map(({ expr }) => String(expr.value));

/** Names in the table of the program that exports them; its own tests hold that each of them is exported. */
const exported = new Set(
  [
    ...readFileSync(path.join(__dirname, 'exporter', 'metrics.py'), 'utf8').matchAll(
      /^ {4}"(htcondor_\w+)": "/gm,
    ),
  ].map(([, name]) => name),
);
const metricsIn = (text: string) => [...new Set(text.match(/\bhtcondor_\w+/g))];

describe('metrics', () => {
  test('are in the table of the exporter', () => {
    expect(exported.size).toBeGreaterThan(15);
  });

  test('that the alerts name are exported', () => {
    const wanted = metricsIn(expressions(alerts).join('\n'));
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.filter((name) => !exported.has(name))).toEqual([]);
  });

  test('that the dashboard names are exported, and all that are exported are on it', () => {
    const shown = [...everyMapping(JSON.parse(dashboard()))].flatMap(
      (mapping) => textAt(mapping, 'expr') ?? [],
    );
    expect(metricsIn(shown.join('\n')).sort()).toEqual([...exported].sort());
  });

  test('of the documentation are those that are exported', () => {
    const page = readFileSync(path.join(__dirname, '..', '..', 'docs', 'admin', 'monitoring.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(htcondor_\w+)` \|/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...exported].sort());
  });
});

describe('labels', () => {
  const page = readFileSync(path.join(__dirname, '..', '..', 'docs', 'admin', 'monitoring.md'), 'utf8');
  /** Labels of each metric, as the documentation has them. */
  const labelsOf = Object.fromEntries(
    [...page.matchAll(/^\| `(htcondor_\w+)` \| ([\w, ]*)\|/gm)].map(([, name = '', labels = '']) => [
      name,
      labels.split(',').flatMap((label) => label.trim() || []),
    ]),
  );
  /** Labels that an expression asks its metrics for, or keeps of them. */
  const wanted = (expr: string) => [
    ...[...expr.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label),
    ...[...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', ')),
  ];
  /** Labels that what comes out of it still has. */
  const left = (expr: string) => {
    const kept = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
    return kept.length > 0 ? kept : metricsIn(expr).flatMap((name) => labelsOf[name] ?? []);
  };
  const ours = rulesOf(alerts).filter(({ expr }) => String(expr.value).includes('htcondor_'));
  const targets = [...everyMapping(JSON.parse(dashboard()))].filter((each) => textAt(each, 'expr'));

  test('by which alerts and panels choose are those of their metrics', () => {
    const expressions = [
      ...ours.map(({ expr }) => String(expr.value)),
      ...targets.map((target) => textAt(target, 'expr') ?? ''),
    ];
    for (const expr of expressions) {
      const known = metricsIn(expr).flatMap((name) => labelsOf[name] ?? []);
      expect([expr, wanted(expr).filter((label) => !known.includes(label))]).toEqual([expr, []]);
    }
  });

  test('that a summary or a legend shows are still there', () => {
    const labels = (text: string | undefined, pattern: RegExp) =>
      [...(text ?? '').matchAll(pattern)].map(([, label = '']) => label);
    const shown = [
      ...ours.map(({ expr, annotations }) => ({
        expr: String(expr.value),
        shows: labels(annotations?.['summary'], /\$labels\.(\w+)/g),
      })),
      ...targets.map((target) => ({
        expr: textAt(target, 'expr') ?? '',
        shows: labels(textAt(target, 'legendFormat'), /{{(\w+)}}/g),
      })),
    ];
    for (const { expr, shows } of shown)
      expect([expr, shows.filter((label) => !left(expr).includes(label))]).toEqual([expr, []]);
  });

  test('have values that the exporter gives them', () => {
    const values: Readonly<Record<string, readonly string[]>> = {
      daemon: ['collector', 'schedd'],
      type: ['startd', 'schedd', 'negotiator'],
      state: ['idle', 'running', 'removed', 'completed', 'held', 'transferring', 'suspended', 'spooling'],
    };
    const program = readFileSync(path.join(__dirname, 'exporter', 'metrics.py'), 'utf8');
    for (const each of ['"held"', '"running"', '"negotiator"']) expect(program).toContain(each);
    const chosen = [
      ...ours.map(({ expr }) => String(expr.value)),
      JSON.stringify(targets.map((t) => t['expr'])),
    ]
      .flatMap((text) => [...text.matchAll(/(daemon|type|state)=\\?"(\w+)/g)])
      .map(([, label = '', value = '']) => [label, value] as const);
    expect(chosen.length).toBeGreaterThan(5);
    for (const [label, value] of chosen) expect(values[label]).toContain(value);
  });
});

describe('alerts', () => {
  test('have a section of their name in the runbook, and no section is left over', () => {
    const page = readFileSync(path.join(__dirname, '..', '..', 'docs', 'runbooks', RUNBOOK), 'utf8');
    const sections = [...page.matchAll(/^## (HTCondor\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual([...new Set(rulesOf(alerts).map(({ alert }) => alert))]);
  });

  test('lead to that section: by its path, and by an address where the site has one', () => {
    const [rule] = named_(alerts, 'HTCondorScheddDown');
    expect(rule?.annotations).toMatchObject({
      runbook: 'docs/runbooks/htcondor-alerts.md#htcondorschedddown',
      runbook_url: 'https://git.example.org/docs/runbooks/htcondor-alerts.md#htcondorschedddown',
    });
    const { runbooks: _, ...without } = alerts;
    expect(named_(without, 'HTCondorScheddDown')[0]?.annotations).not.toHaveProperty('runbook_url');
  });

  test('call when there is still time: two weeks for who looks on working days, three days at the latest', () => {
    const left = 'htcondor_token_expiry_timestamp_seconds - time()';
    const tokens = named_(alerts, 'HTCondorTokenExpires');
    expect(tokens.map(({ expr, labels }) => [expr.value, labels?.['severity']])).toEqual([
      [`${left} < ${String(14 * 86_400)}`, 'warning'],
      [`${left} < ${String(3 * 86_400)}`, 'critical'],
    ]);
    // cert-manager renews thirty days before the end, so what has two weeks left was not renewed.
    const [certificate] = named_(alerts, 'HTCondorCertificateExpires');
    expect(certificate?.expr.value).toBe(
      `min by (name) (certmanager_certificate_expiration_timestamp_seconds{namespace="htcondor"}) - time() < ${String(14 * 86_400)}`,
    );
    expect(named_(alerts, 'HTCondorCertificateExpiryUnknown')[0]?.expr.value).toBe(
      'absent(certmanager_certificate_expiration_timestamp_seconds{namespace="htcondor"})',
    );
  });

  test('call for held jobs of one owner when they are many, and not for each job that is held', () => {
    const [held] = named_(alerts, 'HTCondorJobsHeld');
    const [, threshold] =
      /^sum by \(owner, experiment\) \(.*\) >= (\d+)$/.exec(String(held?.expr.value)) ?? [];
    expect(Number(threshold)).toBeGreaterThanOrEqual(10);
    expect(Number(threshold)).toBeLessThanOrEqual(1000);
  });

  test('know the exporter by the name that Prometheus gives it: that of its Service', () => {
    const { name, namespace } = named(full, 'Service htcondor/exporter').metadata;
    expect(named_(alerts, 'HTCondorExporterDown')[0]?.expr.value).toBe(
      `absent(up{namespace="${String(namespace)}", job="${name}"} == 1)`,
    );
  });

  test('miss any one token whose end nobody has said', () => {
    const [rule] = named_({ ...alerts, tokens: ['ap', 'monitor'] }, 'HTCondorTokenExpiryUnknown');
    expect(rule?.expr.value).toBe(
      'count(htcondor_up) > 0 unless count(htcondor_token_expiry_timestamp_seconds{token=~"ap|monitor"}) == 2',
    );
  });

  test('wait a while, and say how bad it is and what is so', () => {
    for (const rule of rulesOf(alerts)) {
      expect(rule.for).toMatch(/^\d+[mh]$/);
      expect(['critical', 'warning']).toContain(rule.labels?.['severity']);
      expect(rule.annotations?.['summary']).toMatch(/\.$/);
    }
  });

  test('count as empty only pools that always have workers', () => {
    expect(named_(alerts, 'HTCondorPoolEmpty')[0]?.expr.value).toBe(
      'htcondor_workers{pool=~"cpu|other"} == 0',
    );
    expect(named_({ ...alerts, standingPools: [] }, 'HTCondorPoolEmpty')).toEqual([]);
    // a100 starts with none.
    expect(JSON.stringify(named(full, 'PrometheusRule htcondor/exporter'))).toContain('pool=~\\"cpu\\"');
  });

  test('ask for certificates only where there are some', () => {
    const without = expressions({ ...alerts, hasCertificates: false });
    expect(without.join()).not.toContain('certmanager');
    expect(expressions(alerts).join()).toContain('certmanager');
  });

  test('give a negotiator with long rounds the time that it takes', () => {
    const [rule] = named_({ ...alerts, negotiatorIntervalSeconds: 3600 }, 'HTCondorNegotiatorSlow');
    expect(rule?.expr.value).toContain('duration_seconds > 3600');
    expect(rule?.expr.value).toContain('end_timestamp_seconds > 8100');
  });

  test('know every token of a pool, whatever proves who a daemon is', () => {
    const tokens = (objects: typeof full) =>
      /token=~\\"([^"\\]*)/.exec(JSON.stringify(named(objects, 'PrometheusRule htcondor/exporter')))?.[1];
    expect(tokens(full)).toBe('ap|execute|monitor|monitor-queue');
    const password = synthesise({ ...everything, pool: { ...everything.pool, method: 'password' } });
    expect(tokens(password)).toBe('monitor-queue');
  });
});

describe('the monitor', () => {
  const monitor = named(full, 'ServiceMonitor htcondor/exporter');

  test('finds the Service of the exporter, and its port by name', () => {
    const service = named(full, 'Service htcondor/exporter');
    expect(service.metadata.labels).toMatchObject(labelsAt(monitor, 'spec', 'selector', 'matchLabels'));
    const [endpoint] = listAt(monitor, 'spec', 'endpoints');
    expect(listAt(service, 'spec', 'ports').map(({ name }) => name)).toEqual([endpoint?.['port']]);
    expect(endpoint).toMatchObject({ path: '/metrics', interval: '30s', scrapeTimeout: '25s' });
  });

  test('waits longer than the tools of the exporter may take, and no longer than to the next scrape', () => {
    const tools = /^TIMEOUT = (\d+)$/m.exec(
      readFileSync(path.join(__dirname, 'exporter', 'pool.py'), 'utf8'),
    )?.[1];
    const [endpoint] = listAt(monitor, 'spec', 'endpoints');
    const [interval, timeout] = ['interval', 'scrapeTimeout'].map((key) => parseInt(String(endpoint?.[key])));
    // Who comes while others are answered waits for these first.
    expect(timeout).toBeGreaterThanOrEqual(2 * Number(tools));
    expect(timeout).toBeLessThan(Number(interval));
  });

  test('and the rules have the labels by which the site’s Prometheus chooses', () => {
    for (const title of [
      'ServiceMonitor htcondor/exporter',
      'ServiceMonitor htcondor/exporter-certificates',
      'PrometheusRule htcondor/exporter',
    ])
      expect(named(full, title).metadata.labels).toMatchObject({ release: 'prometheus' });
  });

  test('of certificates takes their ends from cert-manager, those of the pool, and nothing else', () => {
    const certificates = named(full, 'ServiceMonitor htcondor/exporter-certificates');
    expect(at(certificates, 'spec', 'namespaceSelector')).toEqual({ matchNames: ['cert-manager'] });
    const [endpoint] = listAt(certificates, 'spec', 'endpoints');
    expect(endpoint?.['honorLabels']).toBe(true);
    expect(listAt(endpoint, 'metricRelabelings')).toEqual([
      {
        action: 'keep',
        sourceLabels: ['__name__'],
        regex: 'certmanager_certificate_expiration_timestamp_seconds',
      },
      { action: 'keep', sourceLabels: ['namespace'], regex: 'htcondor' },
    ]);
    const closed = synthesise({ ...smallest, exporter: everything.exporter });
    expect(closed.map(({ metadata }) => metadata.name)).not.toContain('exporter-certificates');
  });

  test('is left out where there is no operator; the dashboard is not', () => {
    const kinds = monitored({ operator: false, labels: {} }).map(({ kind }) => kind);
    expect(kinds).not.toContain('ServiceMonitor');
    expect(kinds).not.toContain('PrometheusRule');
    expect(
      named(monitored({ operator: false, labels: {} }), 'ConfigMap htcondor/exporter-dashboard').metadata
        .labels,
    ).toMatchObject({ grafana_dashboard: '1' });
  });
});

test('no two panels of the dashboard lie upon each other', () => {
  const places = listAt(JSON.parse(dashboard()), 'panels').map((panel) => JSON.stringify(panel['gridPos']));
  expect(places.length).toBeGreaterThan(10);
  expect(new Set(places).size).toBe(places.length);
});
