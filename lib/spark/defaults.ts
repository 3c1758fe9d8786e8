import type { Bytes } from '../kubernetes/quantity';
import { CONTAINER } from './executor-pod';
import { executorNamespace, RELEASE } from './release';

/** What the configuration of the sessions of an experiment is made of. */
export interface DefaultsProps {
  readonly experiment: string;
  /** Image of the executors. */
  readonly image: string;
  readonly executor: { readonly cores: number; readonly memory: Bytes };
  /** Executors that the experiment may have, and so the most that a session asks for. */
  readonly executors: number;
}

/** Folder of the configuration in a notebook. */
export const CONF_DIR = '/etc/spark';

/** Files of that folder. */
export const FILES = { defaults: 'spark-defaults.conf', pod: 'executor.json' } as const;

/** Variable in which a notebook has the name by which executors reach it. */
export const DRIVER_HOST = 'AF_SPARK_DRIVER_HOST';

/** Java's share of an executor's memory, in tenths: Python's processes are beside it and have no limit of their own. */
const HEAP_TENTHS = 6;

const MI = 1024 ** 2;

/**
 * The file `spark-defaults.conf` of a notebook. Whatever a session sets by itself comes before it; rights, quota and
 * network policies hold in any case.
 *
 * @see https://spark.apache.org/docs/latest/configuration.html
 */
export function sparkDefaults({ experiment, image, executor, executors }: DefaultsProps): string {
  const { ports } = RELEASE;
  const mebibytes = Math.floor(executor.memory.bytes / MI);
  const heap = Math.floor((mebibytes * HEAP_TENTHS) / 10);
  return [
    section('Executors are pods of the experiment; the driver is the notebook.', {
      'spark.master': 'k8s://https://kubernetes.default.svc:443',
      'spark.submit.deployMode': 'client',
      'spark.kubernetes.namespace': executorNamespace(experiment),
      'spark.kubernetes.container.image': image,
      'spark.kubernetes.executor.podTemplateFile': `${CONF_DIR}/${FILES.pod}`,
      'spark.kubernetes.executor.podTemplateContainerName': CONTAINER,
    }),
    section('A driver makes pods and nothing else, and has no rights to anything else.', {
      'spark.kubernetes.executor.disableConfigMap': true,
      'spark.kubernetes.driver.service.deleteOnTermination': false,
      'spark.kubernetes.driver.ownPersistentVolumeClaim': false,
      'spark.kubernetes.driver.reusePersistentVolumeClaim': false,
    }),
    section('Where executors find the driver: ports that the network policies open.', {
      'spark.driver.host': `\${env:${DRIVER_HOST}}`,
      'spark.driver.bindAddress': '0.0.0.0',
      'spark.driver.port': ports.driver,
      'spark.driver.blockManager.port': ports.blockManager,
      'spark.blockManager.port': ports.blockManager,
      'spark.port.maxRetries': ports.retries,
      // The address to which the driver binds is no address that anybody reaches (SPARK-58748).
      'spark.kubernetes.executor.useDriverPodIP': false,
    }),
    section('Only executors with the secret of the session are heard, and nobody listens.', {
      'spark.authenticate': true,
      'spark.network.crypto.enabled': true,
    }),
    section('Size of an executor: both amounts together are the memory of its pod.', {
      'spark.executor.cores': executor.cores,
      'spark.executor.memory': `${String(heap)}m`,
      'spark.executor.memoryOverhead': `${String(mebibytes - heap)}m`,
    }),
    section('Executors come with work and go without, so that a notebook that nobody uses holds none.', {
      'spark.dynamicAllocation.enabled': true,
      'spark.dynamicAllocation.shuffleTracking.enabled': true,
      // Without an end, data between two stages holds executors for as long as a cell's result can be reached.
      'spark.dynamicAllocation.shuffleTracking.timeout': '1h',
      'spark.dynamicAllocation.maxExecutors': executors,
      'spark.dynamicAllocation.executorIdleTimeout': '2min',
      'spark.dynamicAllocation.cachedExecutorIdleTimeout': '1h',
    }),
  ].join('\n');
}

function section(about: string, settings: Readonly<Record<string, string | number | boolean>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} ${String(value)}\n`);
  return `# ${about}\n${lines.join('')}`;
}
