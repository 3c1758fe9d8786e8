import type { SpawnerOverride } from '../jupyterhub/profile';
import { USERS_NAMESPACE } from '../jupyterhub/release';
import { CONF_DIR, DRIVER_HOST } from './defaults';
import { EXPERIMENT_LABEL, notebookObject } from './metadata';

/** Seconds in which a notebook that is stopped takes leave of its executors; KubeSpawner's own default is one. */
const LEAVE_SECONDS = 15;

/**
 * What KubeSpawner changes in a notebook that has Spark of an experiment: the account, its token, the configuration,
 * the label that the policies know it by, and a name in DNS.
 *
 * @see https://jupyterhub-kubespawner.readthedocs.io/en/latest/spawner.html
 */
export function sparkOverride(experiment: string): SpawnerOverride {
  const name = notebookObject(experiment);
  return {
    service_account: name,
    automount_service_account_token: true,
    extra_labels: { [EXPERIMENT_LABEL]: experiment },
    // KubeSpawner puts the name of the pod in.
    extra_pod_config: { hostname: '{pod_name}', subdomain: name },
    environment: {
      SPARK_CONF_DIR: CONF_DIR,
      [DRIVER_HOST]: `{pod_name}.${name}.${USERS_NAMESPACE}.svc`,
    },
    volumes: { spark: { name: 'spark', configMap: { name } } },
    volume_mounts: { spark: { name: 'spark', mountPath: CONF_DIR, readOnly: true } },
    delete_grace_period: LEAVE_SECONDS,
  };
}
