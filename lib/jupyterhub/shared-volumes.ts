import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { Bytes } from '../kubernetes/quantity';
import { PROTECTED } from '../kubernetes/protection';
import { labels } from './metadata';
import { USERS_NAMESPACE } from './release';

/** A claim in the namespace of the users that all of their pods may mount. */
export interface SharedClaim {
  readonly name: string;
  readonly storageClass: string;
  readonly accessMode: 'ReadWriteMany' | 'ReadOnlyMany';
  readonly size: Bytes;
}

/** Claims of shared volumes. Argo CD never deletes one: who removes it from the site file still has the data. */
export class SharedVolumes extends Construct {
  constructor(scope: Construct, id: string, claims: readonly SharedClaim[]) {
    super(scope, id);
    for (const { name, storageClass, accessMode, size } of claims) {
      new k8s.KubePersistentVolumeClaim(this, name, {
        metadata: {
          name,
          namespace: USERS_NAMESPACE,
          labels: labels('shared-volume'),
          annotations: { ...PROTECTED },
        },
        spec: {
          accessModes: [accessMode],
          storageClassName: storageClass,
          resources: { requests: { storage: k8s.Quantity.fromString(size.text) } },
        },
      });
    }
  }
}
