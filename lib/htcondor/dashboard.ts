/**
 * The pool on one page, for Grafana.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */

interface Panel {
  readonly title: string;
  readonly type: 'stat' | 'timeseries' | 'table';
  /** Expression and how its series are named. */
  readonly targets: readonly (readonly [expr: string, legend: string])[];
  /** Grafana's name of the unit. @default a plain number */
  readonly unit?: string;
  readonly stacked?: boolean;
}

const PANELS: readonly Panel[] = [
  {
    title: 'Daemons that answer',
    type: 'stat',
    targets: [['htcondor_up', '{{daemon}} {{name}}']],
  },
  {
    title: 'Tokens end in',
    type: 'stat',
    targets: [['htcondor_token_expiry_timestamp_seconds - time()', '{{token}}']],
    unit: 's',
  },
  {
    title: 'Jobs by state',
    type: 'timeseries',
    targets: [['sum by (state) (htcondor_jobs)', '{{state}}']],
    stacked: true,
  },
  {
    title: 'Running jobs by experiment',
    type: 'timeseries',
    targets: [['sum by (experiment) (htcondor_jobs{state="running"})', '{{experiment}}']],
    stacked: true,
  },
  {
    title: 'Running jobs by pool',
    type: 'timeseries',
    targets: [['sum by (pool) (htcondor_jobs{state="running"})', '{{pool}}']],
    stacked: true,
  },
  {
    title: 'Idle jobs by the pools that could run them',
    type: 'timeseries',
    targets: [
      ['htcondor_idle_jobs_runnable', '{{pool}}'],
      ['sum(htcondor_idle_jobs_impossible)', 'none'],
    ],
  },
  {
    title: 'Workers, and further ones that idle jobs want',
    type: 'timeseries',
    targets: [
      ['htcondor_workers', '{{pool}}'],
      ['htcondor_workers_wanted', '{{pool}} wanted'],
    ],
  },
  {
    title: 'Cores in use',
    type: 'timeseries',
    targets: [['htcondor_cpus_used / (htcondor_cpus > 0)', '{{pool}}']],
    unit: 'percentunit',
  },
  {
    title: 'Memory in use',
    type: 'timeseries',
    targets: [['htcondor_memory_used_bytes / (htcondor_memory_bytes > 0)', '{{pool}}']],
    unit: 'percentunit',
  },
  {
    title: 'GPUs, and those in use',
    type: 'timeseries',
    targets: [
      ['htcondor_gpus > 0', '{{pool}}'],
      ['htcondor_gpus_used and on (pool) htcondor_gpus > 0', '{{pool}} in use'],
    ],
  },
  {
    title: 'Slots by state',
    type: 'timeseries',
    targets: [['sum by (type, state, activity) (htcondor_slots)', '{{type}} {{state}} {{activity}}']],
    stacked: true,
  },
  {
    title: 'Rounds of the negotiator',
    type: 'timeseries',
    targets: [
      ['htcondor_negotiation_cycle_duration_seconds', 'duration'],
      ['time() - htcondor_negotiation_cycle_end_timestamp_seconds', 'since the last'],
    ],
    unit: 's',
  },
  {
    title: 'Held jobs by owner',
    type: 'table',
    targets: [['topk(20, sum by (owner, experiment) (htcondor_jobs{state="held"}))', '']],
  },
  {
    title: 'Running jobs by owner',
    type: 'table',
    targets: [['topk(20, sum by (owner, experiment) (htcondor_jobs{state="running"}))', '']],
  },
  {
    title: 'Daemons by type',
    type: 'timeseries',
    targets: [['htcondor_daemons', '{{type}}']],
  },
  {
    title: 'What the exporter costs',
    type: 'timeseries',
    targets: [
      ['htcondor_query_duration_seconds', '{{daemon}} {{name}}, seconds'],
      ['rate(htcondor_exporter_cpu_seconds_total[5m])', 'cores'],
      ['time() - htcondor_snapshot_timestamp_seconds', 'age of what is shown, seconds'],
    ],
  },
];

const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Grafana's grid has 24 columns: two panels beside each other. */
const SIZE = { w: 12, h: 8 };

export function dashboard(): string {
  const model = {
    uid: 'htcondor-pool',
    title: 'HTCondor pool',
    tags: ['analysis-facility', 'htcondor'],
    schemaVersion: 39,
    editable: false,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }],
    },
    panels: PANELS.map(panel),
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

function panel({ title, type, targets, unit = 'short', stacked = false }: Panel, index: number) {
  return {
    id: index + 1,
    title,
    type,
    datasource: DATA_SOURCE,
    gridPos: { ...SIZE, x: (index % 2) * SIZE.w, y: Math.floor(index / 2) * SIZE.h },
    fieldConfig: {
      defaults: {
        unit,
        ...(type === 'timeseries'
          ? { custom: { fillOpacity: stacked ? 40 : 0, stacking: { mode: stacked ? 'normal' : 'none' } } }
          : {}),
      },
      overrides: [],
    },
    targets: targets.map(([expr, legendFormat], number) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + number),
      datasource: DATA_SOURCE,
      expr,
      legendFormat,
      ...(type === 'table' ? { instant: true, format: 'table' } : {}),
    })),
  };
}
