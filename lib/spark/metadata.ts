import type { k8s } from 'cdk8s-plus-27';
import { NOTEBOOKS } from '../jupyterhub/metadata';
import { USERS_NAMESPACE } from '../jupyterhub/release';
import { executorNamespace } from './release';

/** Label of notebooks with Spark: the experiment, whose executors are the only ones they reach. */
export const EXPERIMENT_LABEL = 'analysis-facility/spark';

/** Label that Spark puts on each executor. */
export const EXECUTORS = { 'spark-role': 'executor' } as const;

/** Account of executors, which have no rights. */
export const EXECUTOR_ACCOUNT = 'executor';

/** Name of what is in the users' namespace for the notebooks of an experiment: account, configuration, Service, policy. */
export function notebookObject(experiment: string): string {
  return `spark-${experiment}`;
}

/** Labels of the notebooks that have Spark of an experiment. */
export function notebooksOf(experiment: string): Record<string, string> {
  return { ...NOTEBOOKS, [EXPERIMENT_LABEL]: experiment };
}

/** Of an object for the notebooks of an experiment. */
export function forNotebooks(experiment: string): k8s.ObjectMeta {
  return {
    name: notebookObject(experiment),
    namespace: USERS_NAMESPACE,
    labels: labels('notebook', experiment),
  };
}

/** Of an object for its executors. */
export function forExecutors(experiment: string, name: string): k8s.ObjectMeta {
  return { name, namespace: executorNamespace(experiment), labels: labels('executor', experiment) };
}

function labels(component: string, experiment: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'spark',
    'app.kubernetes.io/component': component,
    'analysis-facility/experiment': experiment,
  };
}
