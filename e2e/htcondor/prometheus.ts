import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { at, labelsAt, listAt, textAt, textsAt, type Fields } from '../../lib/kubernetes/read';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { objectsOf } from '../api/dist';
import { cacheFolder } from '../cluster/cache';
import { TOOLS } from '../cluster/images/table';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { start } from '../cluster/processes';
import type { Series } from './numbers';
import { must, processOf, type Place } from './pool';

const NAME = 'e2e-prometheus';
const PROMETHEUS = '/usr/bin/prometheus';
/** In the place of those of dist, so that the suite need not wait. */
const SCRAPE = { scrape_interval: '5s', scrape_timeout: '5s' };

/** Debian's Prometheus with the eyes and ears of a pod in the namespace of the monitoring. */
export class Prometheus {
  private constructor(private readonly place: Place) {}

  /** Starts it with the monitors and the rules of a site's dist, as the operator would have written its configuration. */
  static start(site: string, namespace: string): Prometheus {
    const place: Place = { namespace, pod: NAME, container: 'tools' };
    const objects = objectsOf(site, 'htcondor');
    const monitors = objects.filter(({ kind }) => kind === 'ServiceMonitor');
    const watched = [...new Set(monitors.flatMap(namespacesOf))];
    applyObjects([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } },
      ...watched.flatMap((each) => mayDiscover(each, namespace)),
      toolsPod(place),
    ]);
    mustKubectl([
      'wait',
      '--for=condition=Ready',
      `pod/${NAME}`,
      `--namespace=${namespace}`,
      '--timeout=60s',
    ]);

    const folder = cacheFolder('run', 'prometheus');
    mkdirSync(folder, { recursive: true });
    const put = (file: string, text: string) => {
      writeFileSync(path.join(folder, file), text);
      chmodSync(path.join(folder, file), 0o600);
      return path.join(folder, file);
    };
    const token = put('token', mustKubectl(['create', 'token', NAME, `--namespace=${namespace}`]).trim());
    const address = mustKubectl(['get', 'service', 'kubernetes', '--output=jsonpath={.spec.clusterIP}']);
    const rules = objects
      .filter(({ kind }) => kind === 'PrometheusRule')
      .map(({ metadata, spec }) => put(`${metadata.name}.rules.yaml`, YAML.stringify(spec)));
    const config = put(
      'prometheus.yaml',
      YAML.stringify({
        global: { ...SCRAPE, evaluation_interval: '5s' },
        rule_files: rules,
        scrape_configs: monitors.flatMap((monitor) => jobs(monitor, `https://${address}:443`, token)),
      }),
    );
    const inside = [`--target=${String(processOf(place))}`, '--net'];
    const options = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      '--web.listen-address=127.0.0.1:9090',
    ];
    start('/usr/bin/nsenter', [...inside, PROMETHEUS, ...options], process.env, { instance: 'prometheus' });
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

  /** Seconds from the question to the whole answer. */
  seconds(address: string): number {
    return Number(this.get(address, "--output /dev/null --write-out '%{time_total}'"));
  }
}

function namespacesOf(monitor: KubernetesObject): readonly string[] {
  const named = textsAt(monitor, 'spec', 'namespaceSelector', 'matchNames');
  return named.length > 0 ? named : [monitor.metadata.namespace ?? ''];
}

/** A job for each endpoint, by the rules of the operator: which Services, which of their ports, which labels. */
function jobs(monitor: KubernetesObject, server: string, token: string): readonly object[] {
  const wanted = labelsAt(monitor, 'spec', 'selector', 'matchLabels');
  return listAt(monitor, 'spec', 'endpoints').map((endpoint, index) => ({
    job_name: `serviceMonitor/${monitor.metadata.namespace ?? ''}/${monitor.metadata.name}/${String(index)}`,
    honor_labels: endpoint['honorLabels'] === true,
    metrics_path: textAt(endpoint, 'path') ?? '/metrics',
    kubernetes_sd_configs: [
      {
        role: 'endpointslice',
        api_server: server,
        authorization: { credentials_file: token },
        tls_config: { insecure_skip_verify: true },
        namespaces: { names: namespacesOf(monitor) },
      },
    ],
    relabel_configs: [
      ...Object.entries(wanted).map(([key, value]) =>
        keep(`__meta_kubernetes_service_label_${key.replaceAll(/\W/g, '_')}`, value),
      ),
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

/** The rights that the operator's documentation gives a Prometheus, in one namespace. */
function mayDiscover(namespace: string, from: string): readonly object[] {
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: NAME, namespace },
      rules: [
        { apiGroups: [''], resources: ['services', 'pods'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: NAME, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: from }],
    },
  ];
}

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
