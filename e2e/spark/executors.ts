import { parseBytes } from '../../lib/kubernetes/quantity';
import { at, labelsAt, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import type { Site } from '../../lib/site/schema';
import { kubectl } from '../cluster/kubectl';
import { waitFor } from '../cluster/suite';
import { podsOf, type Container } from '../jupyterhub/pods';

export const namespaceOf = (experiment: string) => `spark-${experiment}`;

const ofSpark = (experiment: string) => podsOf(namespaceOf(experiment), 'spark-role=executor');

/** Executors of an experiment that run. */
export function executorsOf(experiment: string): readonly Fields[] {
  return ofSpark(experiment).filter(
    (pod) =>
      textAt(pod, 'status', 'phase') === 'Running' && at(pod, 'metadata', 'deletionTimestamp') === undefined,
  );
}

export function containerIn(pod: Fields): Container {
  return {
    namespace: textAt(pod, 'metadata', 'namespace') ?? '',
    pod: textAt(pod, 'metadata', 'name') ?? '',
    container: textAt(listAt(pod, 'spec', 'containers')[0], 'name') ?? '',
    address: textAt(pod, 'status', 'podIP') ?? '',
  };
}

/** What an executor is, in the words of the site file; requests are shrunk on a small machine, and not looked at. */
export function declaredOf(pod: Fields): Readonly<Record<string, unknown>> {
  const [container, ...others] = listAt(pod, 'spec', 'containers');
  const cores = listAt(container, 'env').find(({ name }) => name === 'SPARK_EXECUTOR_CORES');
  const limits = labelsAt(container, 'resources', 'limits');
  const either = (key: string) =>
    at(container, 'securityContext', key) ?? at(pod, 'spec', 'securityContext', key);
  return {
    containers: others.length + 1,
    image: textAt(container, 'image'),
    cores: textAt(cores, 'value'),
    memory: byteCount(limits['memory']),
    disk: limits['ephemeral-storage'],
    node: labelsAt(pod, 'spec', 'nodeSelector'),
    deadline: at(pod, 'spec', 'activeDeadlineSeconds'),
    account: textAt(pod, 'spec', 'serviceAccountName'),
    token: listAt(pod, 'spec', 'volumes').some((volume) => 'projected' in volume),
    root: either('runAsNonRoot') !== true || either('runAsUser') === 0,
    seccomp: textAt(either('seccompProfile'), 'type'),
    escalates: at(container, 'securityContext', 'allowPrivilegeEscalation'),
    drops: at(container, 'securityContext', 'capabilities', 'drop'),
  };
}

function byteCount(text = ''): number {
  const parsed = parseBytes(text);
  if ('value' in parsed) return parsed.value.bytes;
  throw new Error(`${text} is no amount of memory`);
}

/** The same, read off the site file by code of the suites alone. */
export function promisedExecutor({ spark, images, nodePools }: Site): Readonly<Record<string, unknown>> {
  const pool = nodePools.find(({ name }) => spark?.pools.length === 1 && spark.pools[0] === name);
  if (!spark || !pool) throw new Error('the site has no Spark on one pool');
  const { cores, memory, disk } = spark.executor;
  return {
    containers: 1,
    image: images.find(({ name }) => name === spark.image)?.ref,
    cores: String(cores),
    memory: memory.bytes,
    disk: disk.text,
    node: pool.labels ?? { 'analysis-facility/pool': pool.name },
    deadline: spark.maxAge.seconds,
    account: 'executor',
    token: false,
    root: false,
    seccomp: 'RuntimeDefault',
    escalates: false,
    drops: ['ALL'],
  };
}

/** Waits until nothing is left of the sessions of an experiment: neither pods nor any other object of Spark's. */
export async function nothingLeft(experiment: string, seconds: number): Promise<void> {
  await waitFor(`nothing is left in ${namespaceOf(experiment)}`, seconds, () => {
    const { out, err } = kubectl([
      'get',
      'pods,configmaps,services,persistentvolumeclaims',
      `--namespace=${namespaceOf(experiment)}`,
      '--output=name',
    ]);
    const own = out.split('\n').filter((line) => line !== '' && line !== 'configmap/kube-root-ca.crt');
    return [...own, ...(err.includes('No resources') || err === '' ? [] : [err])];
  });
}

/** Waits until no executor works for anybody: pods that have ended may still be listed. */
export async function noneRuns(experiment: string, seconds: number): Promise<void> {
  await waitFor(`no executor of ${experiment} runs`, seconds, () =>
    ofSpark(experiment)
      .filter((pod) => !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? ''))
      .map((pod) => textAt(pod, 'metadata', 'name') ?? ''),
  );
}
