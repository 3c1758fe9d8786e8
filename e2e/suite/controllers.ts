import type { KubernetesObject } from '../../lib/kubernetes/object';
import { title } from '../../lib/kubernetes/object';
import { at, listAt, textAt, type Fields } from '../../lib/kubernetes/read';
import { GIVEN_KUBECONFIG } from '../cluster/cache';
import { documents, mustKubectl } from '../cluster/kubectl';
import type { Look } from './look';
import { inCluster, readAll } from './objects';

/** What a controller has written into the status of an object that it accepts; otherwise what it says instead. */
const ACCEPTED: Readonly<Record<string, (now: Fields) => string | undefined>> = {
  PodDisruptionBudget(now) {
    const condition = conditionOf(now, 'DisruptionAllowed');
    if (condition === undefined) return 'its controller has not seen it';
    if (condition['reason'] === 'SyncFailed') return String(condition['message']);
    return Number(at(now, 'status', 'expectedPods')) > 0 ? undefined : 'it counts no pods';
  },
  // Without a source of metrics it does not scale; that it finds what it scales is what can be seen.
  HorizontalPodAutoscaler(now) {
    const condition = conditionOf(now, 'AbleToScale');
    if (condition === undefined) return 'its controller has not seen it';
    return condition['status'] === 'True' ? undefined : String(condition['message']);
  },
  Job(now) {
    if (conditionOf(now, 'Complete')?.['status'] === 'True') return undefined;
    const failed = conditionOf(now, 'Failed');
    return failed === undefined ? 'it has not completed' : String(failed['message']);
  },
  PersistentVolumeClaim(now) {
    const phase = textAt(now, 'status', 'phase');
    return phase === 'Bound' ? undefined : `it is ${phase ?? 'not seen yet'}`;
  },
  ResourceQuota(now) {
    return at(now, 'status', 'hard') === undefined ? 'its controller has not counted' : undefined;
  },
  CronJob(now) {
    return textAt(now, 'status', 'lastScheduleTime') === undefined
      ? 'its controller has not started a Job'
      : undefined;
  },
};

/** Kinds whose acceptance takes a pod that runs or a disk, which a cluster that is given need not have. */
const WITH_MACHINES = GIVEN_KUBECONFIG === undefined ? [] : ['Job', 'PersistentVolumeClaim'];

/** Kinds whose acceptance is seen at once; a CronJob's only when it is due. */
const SEEN_AT_ONCE = Object.keys(ACCEPTED).filter((kind) => ![...WITH_MACHINES, 'CronJob'].includes(kind));

/** Whether the controller of each object of these kinds has accepted it. */
export function accepted(
  objects: readonly KubernetesObject[],
  kinds: readonly string[] = SEEN_AT_ONCE,
): Look {
  const looked = objects.filter(({ kind }) => kinds.includes(kind));
  const objections = inCluster(looked).flatMap((now, index) => {
    const object = looked[index];
    const said = object === undefined ? undefined : ACCEPTED[object.kind]?.(now);
    return object === undefined || said === undefined ? [] : [`${title(object)}: ${said}`];
  });
  return { looked: looked.length, objections };
}

function conditionOf(now: Fields, type: string): Fields | undefined {
  return listAt(now, 'status', 'conditions').find((condition) => condition['type'] === type);
}

/**
 * CronJobs as those of dist, but due every minute: their controller shows that it has accepted one only when it starts
 * a Job, and the next night is far.
 */
export function everyMinute(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.flatMap((object) => {
    const spec = at(object, 'spec');
    if (object.kind !== 'CronJob' || typeof spec !== 'object') return [];
    return [
      {
        ...object,
        metadata: {
          ...object.metadata,
          name: `e2e-${object.metadata.name}`.slice(0, 52),
          labels: { ...object.metadata.labels, ...SUITE_LABEL },
        },
        spec: { ...spec, schedule: '* * * * *', suspend: false },
      },
    ];
  });
}

/** Marks what a suite adds to a cluster, so that it is not taken for something of dist. */
export const SUITE_LABEL = { 'analysis-facility/e2e': 'suite' } as const;

/** Jobs that CronJobs of the suite have started, as objects to look at. */
export function startedJobs(): KubernetesObject[] {
  return readAll('jobs', '--all-namespaces').flatMap((job) =>
    listAt(job, 'metadata', 'ownerReferences').some((owner) => String(owner['name']).startsWith('e2e-'))
      ? [job as unknown as KubernetesObject]
      : [],
  );
}

export function remove(objects: readonly object[]): void {
  if (objects.length > 0)
    mustKubectl(['delete', '--ignore-not-found', '--wait=false', '--filename=-'], documents(objects));
}
