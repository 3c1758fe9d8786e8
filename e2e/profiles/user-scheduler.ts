import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { textAt } from '../../lib/kubernetes/read';
import { KUBECONFIG, RUN } from '../cluster/cache';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { start } from '../cluster/processes';
import { waitFor } from '../cluster/suite';

const NAMESPACE = 'jupyterhub';
/** Beside that of the scheduler of Kubernetes. */
const PORT = 26_460;

/**
 * Runs a real kube-scheduler with the configuration of dist and the rights of its account, as the Deployment would: nodes are simulated,
 * so nothing runs in its pods.
 *
 * @param objects the component `user-scheduler`, whose namespace is there
 */
export async function startUserScheduler(objects: readonly KubernetesObject[]): Promise<void> {
  applyObjects(objects);
  const settings = objects.find(({ kind }) => kind === 'ConfigMap');
  const config = JSON.parse(textAt(settings, 'data', 'config.yaml') ?? '{}') as object;
  const kubeconfig = path.join(RUN, 'user-scheduler.kubeconfig');
  const file = path.join(RUN, 'user-scheduler.json');
  writeFileSync(kubeconfig, JSON.stringify(asAccount('user-scheduler')), { mode: 0o600 });
  writeFileSync(file, JSON.stringify({ ...config, clientConnection: { kubeconfig } }));
  const serving = [
    '--bind-address=127.0.0.1',
    `--secure-port=${String(PORT)}`,
    '--authentication-skip-lookup=true',
  ];
  start('kube-scheduler', [`--config=${file}`, ...serving], process.env, { instance: 'user' });
  await waitFor('the user scheduler has its lock', 60, () => {
    const lease = ['get', 'lease', 'user-scheduler-lock', `--namespace=${NAMESPACE}`, '--output=json'];
    const holder = textAt(JSON.parse(mustKubectl(lease)), 'spec', 'holderIdentity') ?? '';
    return holder === '' ? ['nobody has it'] : [];
  });
}

/** The kubeconfig of the run with a token of an account in the place of the admin's. */
function asAccount(account: string): object {
  const config = JSON.parse(readFileSync(KUBECONFIG, 'utf8')) as {
    users: readonly { readonly name: string }[];
  };
  const token = mustKubectl(['create', 'token', account, `--namespace=${NAMESPACE}`]).trim();
  return { ...config, users: config.users.map(({ name }) => ({ name, user: { token } })) };
}
