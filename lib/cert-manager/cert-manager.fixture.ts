import { App, Chart } from 'cdk8s';
import { title, type KubernetesObject } from '../kubernetes/object';
import { cpu } from '../kubernetes/quantity';
import { CertManager, type CertManagerProps } from './cert-manager';

const MEMORY = { bytes: 128 * 1024 ** 2, text: '128Mi' };

const workload = (replicas: number, millicores: number) => ({
  replicas,
  resources: { requests: { cpu: cpu(millicores), memory: MEMORY }, limits: { memory: MEMORY } },
});

export const NO_ACME = { gatewayApi: false, http01: false, tcpPorts: [], dnsPorts: [] };

/** What every site states, and no more. */
export const SMALL: CertManagerProps = {
  cluster: {
    apiServer: { cidrs: ['192.0.2.10/32', '192.0.2.11/32'], port: 6443 },
    dns: { namespace: 'dns-system', podLabels: { 'k8s-app': 'kube-dns' } },
  },
  controller: workload(1, 20),
  cainjector: workload(1, 30),
  webhook: workload(1, 40),
  acme: NO_ACME,
};

/** Does not compile until a new prop is set here, and so thought of in a test. */
export const FULL: Required<CertManagerProps> = {
  cluster: { ...SMALL.cluster, monitoringNamespace: 'monitoring' },
  controller: workload(2, 20),
  cainjector: workload(1, 30),
  webhook: workload(3, 40),
  acme: { gatewayApi: true, http01: true, tcpPorts: [80, 443], dnsPorts: [53] },
  frontNamespaces: ['front'],
  privateNetworks: ['10.20.0.0/16'],
  imagePullSecrets: ['registry'],
};

export const NAMES = ['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'];

export function synth(props: CertManagerProps): KubernetesObject[] {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
  new CertManager(chart, 'cert-manager', props);
  return objectsOf(chart);
}

export function objectsOf(chart: Chart): KubernetesObject[] {
  const objects: unknown[] = chart.toJson();
  return objects.filter(isObject);
}

function isObject(value: unknown): value is KubernetesObject {
  return typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;
}

export function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name} among ${objects.map(title).join(', ')}`);
  return found;
}

/** Follows a path into plain data; undefined where it ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
