import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { at, labelsAt, listAt, textAt, textsAt, type Fields } from '../../lib/kubernetes/read';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { objectsOf } from '../api/dist';
import { runFolder } from '../cluster/cache';
import { TOOLS } from '../cluster/images/table';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { start } from '../cluster/processes';
import { waitFor } from '../cluster/suite';
import type { Series } from './numbers';
import { must, processOf, run, type Place } from '../htcondor/pool';

const NAME = 'e2e-prometheus';
const PROMETHEUS = '/usr/bin/prometheus';
/** In the place of those of dist, so that the suite need not wait. */
const SCRAPE = { scrape_interval: '5s', scrape_timeout: '5s' };

/** Debian's Prometheus with the eyes and ears of a pod in the namespace of the monitoring. */
export class Prometheus {
  private constructor(private readonly place: Place) {}

  /** Starts it with the monitors and the rules of a site's dist, as the operator would have written its configuration. */
  static async start(site: string, namespace: string): Promise<Prometheus> {
    const place: Place = { namespace, pod: NAME, container: 'tools' };
    const objects = objectsOf(site, 'htcondor');
    const monitors = objects.filter(({ kind }) => kind === 'ServiceMonitor');
    applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, toolsPod(place)]);
    mustKubectl([
      'wait',
      '--for=condition=Ready',
      `pod/${NAME}`,
      `--namespace=${namespace}`,
      '--timeout=60s',
    ]);

    const folder = runFolder('prometheus');
    mkdirSync(folder, { recursive: true });
    const put = (file: string, text: string) => {
      writeFileSync(path.join(folder, file), text);
      chmodSync(path.join(folder, file), 0o600);
      return path.join(folder, file);
    };
    const rules = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .map(({ metadata, spec }) => put(`${metadata.name}.rules.yaml`, YAML.stringify(spec)));
    const config = put(
      'prometheus.yaml',
      YAML.stringify({
        global: { ...SCRAPE, evaluation_interval: '5s' },
        rule_files: rules,
        scrape_configs: monitors.flatMap((monitor) =>
          jobs(monitor, put(`${monitor.metadata.name}.targets.json`, JSON.stringify(targets(monitor)))),
        ),
      }),
    );
    const inside = [`--target=${String(processOf(place))}`, '--net'];
    const options = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      '--web.listen-address=127.0.0.1:9090',
    ];
    start('/usr/bin/nsenter', [...inside, PROMETHEUS, ...options], process.env, { instance: 'prometheus' });
    await waitFor('Prometheus is ready', 60, () => {
      const { status, err } = run(place, 'curl --silent --show-error --fail http://127.0.0.1:9090/-/ready');
      return status === 0 ? [] : [err];
    });
    return new Prometheus(place);
  }

  private get(address: string, ...options: readonly string[]): string {
    return must(
      this.place,
      `curl --silent --show-error --fail --max-time 30 ${options.join(' ')} '${address}'`,
    );
  }

  query(expression: string): readonly Series[] {
    const answer: unknown = JSON.parse(
      this.get('http://127.0.0.1:9090/api/v1/query', `--get --data-urlencode 'query=${expression}'`),
    );
    return listAt(answer, 'data', 'result').map((result) => {
      const value = at(result, 'value');
      return { labels: labelsAt(result, 'metric'), value: Number(Array.isArray(value) ? value[1] : NaN) };
    });
  }

  /** Rules that it has loaded, each with what it said when it was tried last. */
  rules(): readonly { readonly name: string; readonly health: string; readonly error: string }[] {
    const answer: unknown = JSON.parse(this.get('http://127.0.0.1:9090/api/v1/rules'));
    return listAt(answer, 'data', 'groups').flatMap((group) =>
      listAt(group, 'rules').map((rule) => ({
        name: textAt(rule, 'name') ?? '',
        health: textAt(rule, 'health') ?? '',
        error: textAt(rule, 'lastError') ?? '',
      })),
    );
  }

  /** What somebody in the namespace of the monitoring is answered. */
  ask(address: string): string {
    return this.get(address);
  }

  /** Status code alone, whatever it is. */
  status(address: string): number {
    return Number(
      must(
        this.place,
        `curl --silent --max-time 30 --output /dev/null --write-out '%{http_code}' '${address}'`,
      ),
    );
  }

  /** The same as {@link ask}, with the seconds from the question to the whole answer. */
  timed(address: string): { readonly text: string; readonly seconds: number } {
    const [, text = '', seconds] =
      /^(.*)\n(.*)$/s.exec(this.get(address, "--write-out '\\n%{time_total}'")) ?? [];
    return { text, seconds: Number(seconds) };
  }
}

function namespacesOf(monitor: KubernetesObject): readonly string[] {
  const named = textsAt(monitor, 'spec', 'namespaceSelector', 'matchNames');
  return named.length > 0 ? named : [monitor.metadata.namespace ?? ''];
}

/**
 * Every port of every Service where the monitor looks, as Prometheus would discover it: Debian's is built without
 * Kubernetes, so the suite looks for it.
 */
function targets(monitor: KubernetesObject): readonly object[] {
  return namespacesOf(monitor).flatMap((namespace) => {
    const all = (kind: string) =>
      listAt(JSON.parse(mustKubectl(['get', kind, `--namespace=${namespace}`, '--output=json'])), 'items');
    const services = all('services');
    return all('endpointslices').flatMap((slice) => {
      const service = services.find(
        (each) =>
          textAt(each, 'metadata', 'name') ===
          labelsAt(slice, 'metadata', 'labels')['kubernetes.io/service-name'],
      );
      return listAt(slice, 'ports').flatMap((port) =>
        listAt(slice, 'endpoints').map((endpoint) => ({
          targets: textsAt(endpoint, 'addresses').map((address) => `${address}:${String(port['port'])}`),
          labels: {
            __meta_kubernetes_namespace: namespace,
            __meta_kubernetes_service_name: textAt(service, 'metadata', 'name') ?? '',
            __meta_kubernetes_endpointslice_port_name: textAt(port, 'name') ?? '',
            __meta_kubernetes_pod_name: textAt(endpoint, 'targetRef', 'name') ?? '',
            ...Object.fromEntries(
              Object.entries(labelsAt(service, 'metadata', 'labels')).map(([key, value]) => [
                metaLabel(key),
                value,
              ]),
            ),
          },
        })),
      );
    });
  });
}

const metaLabel = (key: string) => `__meta_kubernetes_service_label_${key.replaceAll(/\W/g, '_')}`;

/** A job for each endpoint, by the rules of the operator: which Services, which of their ports, which labels. */
function jobs(monitor: KubernetesObject, file: string): readonly object[] {
  const wanted = labelsAt(monitor, 'spec', 'selector', 'matchLabels');
  return listAt(monitor, 'spec', 'endpoints').map((endpoint, index) => ({
    job_name: `serviceMonitor/${monitor.metadata.namespace ?? ''}/${monitor.metadata.name}/${String(index)}`,
    honor_labels: endpoint['honorLabels'] === true,
    metrics_path: textAt(endpoint, 'path') ?? '/metrics',
    file_sd_configs: [{ files: [file] }],
    relabel_configs: [
      ...Object.entries(wanted).map(([key, value]) => keep(metaLabel(key), value)),
      keep('__meta_kubernetes_endpointslice_port_name', textAt(endpoint, 'port') ?? ''),
      copy('__meta_kubernetes_namespace', 'namespace'),
      copy('__meta_kubernetes_service_name', 'service'),
      copy('__meta_kubernetes_service_name', 'job'),
      copy('__meta_kubernetes_pod_name', 'pod'),
    ],
    metric_relabel_configs: listAt(endpoint, 'metricRelabelings').map(
      ({ sourceLabels, regex, action }: Fields) => ({
        source_labels: sourceLabels,
        regex,
        action,
      }),
    ),
  }));
}

const keep = (label: string, regex: string) => ({ source_labels: [label], regex, action: 'keep' });
const copy = (from: string, to: string) => ({ source_labels: [from], target_label: to });

/** Holds a network namespace open, and curl. */
export function toolsPod({ namespace, pod: name, container }: Place): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      containers: [{ name: container, image: TOOLS, imagePullPolicy: 'IfNotPresent' }],
    },
  };
}
