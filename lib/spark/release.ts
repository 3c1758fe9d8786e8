/**
 * What Spark, its images and our objects agree on. There is no version here: a site's own images have Spark in them,
 * 4.1 or newer.
 *
 * @see https://spark.apache.org/docs/latest/running-on-kubernetes.html
 */
export const RELEASE = {
  /** User of the images that Spark's own Dockerfiles give. */
  user: 185,
  ports: {
    driver: 7078,
    blockManager: 7079,
    /** A port that is taken is tried again one higher, so often: room for eight sessions of one notebook. */
    retries: 15,
  },
} as const;

/** Ports on which the drivers of a notebook may be. */
export const DRIVER_PORTS = {
  from: RELEASE.ports.driver,
  to: RELEASE.ports.blockManager + RELEASE.ports.retries,
} as const;

/** What every namespace of executors begins with. */
export const NAMESPACE_PREFIX = 'spark-';

/** Namespace of the executors of an experiment. */
export function executorNamespace(experiment: string): string {
  return `${NAMESPACE_PREFIX}${experiment}`;
}
