import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { RecurringJob } from '../../imports/longhorn.io';
import type { RecurringJobProps } from './recurring-job';
import { recurringJob } from './recurring-job';
import type { StorageClassProps } from './storage-class';
import { storageClass } from './storage-class';

export interface StorageProps {
  readonly classes: readonly StorageClassProps[];
  readonly jobs: readonly RecurringJobProps[];
}

/**
 * What a site offers on top of Longhorn: classes for claims, and the jobs that back volumes up.
 *
 * Apart from Longhorn itself, because the jobs pass Longhorn's webhook and so can only be applied once it
 * runs.
 *
 * @see https://longhorn.io/docs/1.12.1/nodes-and-volumes/volumes/create-volumes/
 */
export class Storage extends Construct {
  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    for (const each of props.classes)
      new k8s.KubeStorageClass(this, `class.${each.name}`, storageClass(each));
    for (const each of props.jobs) new RecurringJob(this, `job.${each.name}`, recurringJob(each));
  }
}
