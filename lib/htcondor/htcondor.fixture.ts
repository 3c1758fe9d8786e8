import { App, Chart } from 'cdk8s';
import type { KubernetesObject } from '../kubernetes/object';
import { title } from '../kubernetes/object';
import { cpu, type Bytes } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import type { Experiment } from './config/accounting-groups';
import { HTCondor, type HTCondorProps } from './htcondor';
import type { OutsidePort } from './objects';

export const gibibytes = (count: number): Bytes => ({ bytes: count * 1024 ** 3, text: `${String(count)}Gi` });

export const resources = (size: number): Resources => ({
  requests: { cpu: cpu(size), memory: gibibytes(1) },
  limits: { memory: gibibytes(2) },
});

export const cms: Experiment = {
  name: 'cms',
  share: 70,
  issuers: [{ url: 'https://iam.cms.example.org/', audience: ['https://wlcg.cern.ch/jwt/v1/any'] }],
  subgroups: [
    { name: 'dask', percent: 40 },
    { name: 'batch', percent: 60 },
  ],
};

export const vo2: Experiment = {
  name: 'my-vo',
  share: 30,
  issuers: [
    { url: 'https://iam.vo2.example.org:8443', audience: ['af.example.org'], networks: ['198.51.100.64/28'] },
  ],
  subgroups: [],
};

const taint = { key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' };
const certificate = { issuer: 'pool-ca', signsInternalNames: true, hostName: 'htc.example.org' };
export const nodePort = (port: number): OutsidePort => ({ port, serviceType: 'NodePort' });

/** One of each, for one pod inside the cluster. */
export const smallest: HTCondorProps = {
  pool: { name: 'Test', trustDomain: 'af.example.org', clusterDomain: 'cluster.local', method: 'idtokens' },
  cluster: {
    apiServer: { cidrs: ['192.0.2.10/32'], port: 6443 },
    dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } },
  },
  nodeCidrs: ['192.0.2.0/24'],
  experiments: [],
  centralManager: {
    placement: { nodeSelector: { pool: 'core' } },
    resources: resources(101),
    volume: { class: 'spool', size: gibibytes(1) },
    negotiatorIntervalSeconds: 60,
    acceptSurplus: true,
  },
  accessPoints: [
    {
      name: 'ap1',
      placement: { nodeSelector: { pool: 'core' } },
      resources: resources(102),
      spool: { class: 'spool', size: gibibytes(50) },
      limits: { wallTimeSeconds: 3600 },
      maxJobsPerOwner: 100,
      auditDays: 90,
      trustsHub: false,
    },
  ],
  executePools: [
    {
      name: 'cpu',
      slot: { cpus: 4, memory: gibibytes(8), disk: gibibytes(20) },
      placement: { nodeSelector: { pool: 'cpu' } },
      workers: 2,
      drainSeconds: 3600,
    },
  ],
  jobEgress: [],
};

/** A new prop does not compile until it is set here, and a test says what it must do. */
export const everything: Required<HTCondorProps> = {
  ...smallest,
  experiments: [cms, vo2],
  centralManager: {
    ...smallest.centralManager,
    acceptSurplus: false,
    placement: { nodeSelector: { pool: 'core' }, tolerations: [taint] },
    outside: { port: nodePort(30_618), certificate },
  },
  accessPoints: [
    {
      name: 'ap1',
      placement: { nodeSelector: { pool: 'core' }, tolerations: [taint] },
      resources: resources(103),
      spool: { class: 'fast', size: gibibytes(50) },
      limits: { wallTimeSeconds: 7200, scratch: gibibytes(30) },
      maxJobsPerOwner: 500,
      auditDays: 30,
      trustsHub: true,
      outside: {
        port: { port: 31_618, serviceType: 'LoadBalancer', allowFrom: ['203.0.113.0/24'] },
        certificate: { ...certificate, issuer: 'public', signsInternalNames: false },
      },
    },
    {
      ...smallest.accessPoints[0],
      name: 'ap2',
      trustsHub: true,
    } as HTCondorProps['accessPoints'][number],
  ],
  executePools: [
    ...smallest.executePools,
    {
      name: 'a100',
      slot: {
        cpus: 2,
        memory: gibibytes(8),
        disk: gibibytes(20),
        gpus: { resource: 'nvidia.com/mig-7g.40gb', count: 1 },
      },
      placement: { nodeSelector: { pool: 'gpu' }, tolerations: [taint] },
      workers: 0,
      extra: { most: 2, idleSeconds: 300 },
      drainSeconds: 60,
      startOnly: ['cms', 'my-vo'],
      apptainer: { seccompProfile: 'profiles/apptainer.json' },
      image: 'registry.example.org/af/execute-dask:1.2.3',
    },
  ],
  jobEgress: [
    { cidrs: ['198.51.100.128/26'], ports: [1094] },
    { cidrs: ['0.0.0.0/0'], ports: [443] },
    { cidrs: [], ports: [8080] },
  ],
  notebooks: 'jupyterhub-users',
  dask: {
    notebooks: { namespace: 'jupyterhub-users', labels: { component: 'singleuser-server' } },
    executePools: ['cpu'],
    scheduler: 8786,
    workers: { from: 10_000, to: 10_099 },
    nannies: { from: 10_100, to: 10_199 },
  },
  cvmfsStorageClass: 'cvmfs',
  exporter: {
    program: { 'exporter.py': 'print("exporter")\n' },
    placement: { nodeSelector: { pool: 'core' }, tolerations: [taint] },
    demandReader: 'keda',
    monitoring: {
      operator: true,
      labels: { release: 'prometheus' },
      runbooks: 'https://git.example.org/runbooks/',
    },
  },
  imagePullSecrets: ['mirror'],
};

export function synthesise(props: HTCondorProps): KubernetesObject[] {
  const chart = new Chart(new App(), 'htcondor', { disableResourceNameHashes: true });
  new HTCondor(chart, 'htcondor', props);
  return chart.toJson() as KubernetesObject[];
}

export function named(objects: readonly KubernetesObject[], wanted: string): KubernetesObject {
  const found = objects.filter((object) => title(object) === wanted);
  expect(found.map(title)).toEqual([wanted]);
  return found[0] ?? { apiVersion: '', kind: '', metadata: { name: '' } };
}

/** Every configuration file of the pool, by object and name. */
export function configurations(objects: readonly KubernetesObject[]): Map<string, string> {
  return new Map(
    objects
      .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-config'))
      .flatMap((map) =>
        Object.entries(map['data'] as Record<string, string>).map(
          ([file, text]) => [`${map.metadata.name}/${file}`, text] as const,
        ),
      ),
  );
}
