import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { at, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { REAL } from '../cluster/dns';
import { KEDA } from '../cluster/images/table';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { rolledOut } from '../cluster/suite';
import { VERSIONS } from '../cluster/versions';
import { moduleFolder } from '../static/modules';
import { define } from '../suite/definitions';

const NAMESPACE = 'keda';
const OPERATOR = 'keda-operator';

/** Folders of upstream's own installation without what ScaledJobs do not need: metrics server and webhooks. */
const PARTS = ['general', 'service_account', 'rbac', 'manager'];

/** KEDA's operator with the rights that upstream gives it, as a pod: what it may reach is for the pool's policies to say. */
export async function startKeda(): Promise<void> {
  const folder = path.join(moduleFolder('github.com/kedacore/keda/v2', VERSIONS.keda), 'config');
  // It waits for all of its kinds, also those that nobody here uses.
  const kinds = path.join(folder, 'crd', 'bases');
  await define(readdirSync(kinds).map((file) => path.join(kinds, file)));
  applyObjects(
    PARTS.flatMap((part) =>
      readdirSync(path.join(folder, part))
        .filter((file) => file !== 'kustomization.yaml')
        .flatMap((file) => YAML.parseAllDocuments(readFileSync(path.join(folder, part, file), 'utf8')))
        .map((document) => document.toJS() as Fields),
    ).map((object) => (object['kind'] === 'Deployment' ? onRealNode(object) : object)),
  );
  rolledOut(NAMESPACE, `deployment/${OPERATOR}`);
}

/** The stand-in of its image, where something runs; the suite has no webhooks that could be given a certificate. */
function onRealNode(deployment: Fields): Fields {
  const spec = at(deployment, 'spec', 'template', 'spec') as Fields;
  const containers = listAt(spec, 'containers').map((container) => ({
    ...container,
    image: KEDA,
    imagePullPolicy: 'IfNotPresent',
    command: [`/${OPERATOR}`],
    args: [
      ...(container['args'] as string[]),
      '--enable-webhook-patching=false',
      '--enable-apiservice-patching=false',
    ],
  }));
  const template = at(deployment, 'spec', 'template') as Fields;
  return {
    ...deployment,
    spec: {
      ...(deployment['spec'] as Fields),
      template: {
        ...template,
        spec: { ...spec, containers, nodeSelector: REAL, tolerations: [{ operator: 'Exists' }] },
      },
    },
  };
}

/** Takes the ScaledJobs away, and with them all that they have started; then KEDA, which alone lets go of them. */
export function stopKeda(namespace: string): void {
  mustKubectl(['delete', 'scaledjobs', '--all', `--namespace=${namespace}`, '--timeout=60s']);
  mustKubectl(['delete', 'deployment', OPERATOR, `--namespace=${NAMESPACE}`, '--timeout=60s']);
}

/** How often KEDA has looked at a ScaledJob since it started. */
export function looksAt(scaledJob: string): number {
  const log = mustKubectl(['logs', `deployment/${OPERATOR}`, `--namespace=${NAMESPACE}`, '--tail=-1']);
  return log.split('\n').filter((line) => line.includes('running Jobs') && line.includes(`"${scaledJob}"`))
    .length;
}

/** A Job that KEDA has made: whether it runs, and how it ended. */
export interface WorkerJob {
  readonly name: string;
  readonly state: 'running' | 'Complete' | 'Failed';
}

export function workerJobs(scaledJob: string, namespace: string): readonly WorkerJob[] {
  const selector = `scaledjob.keda.sh/name=${scaledJob}`;
  const answer: unknown = JSON.parse(
    mustKubectl(['get', 'jobs', `--namespace=${namespace}`, `--selector=${selector}`, '--output=json']),
  );
  return listAt(answer, 'items').map((job) => {
    const ended = listAt(job, 'status', 'conditions').find(
      ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
    );
    const state = ended?.['type'] === 'Complete' ? 'Complete' : ended ? 'Failed' : 'running';
    return { name: textAt(job, 'metadata', 'name') ?? '', state };
  });
}
