import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { cpu } from '../kubernetes/quantity';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { labels } from './metadata';
import { tolerations, type NodeGroup } from './placement';
import { NAMESPACE, RELEASE } from './release';

/** Images for one pool of nodes. */
export interface PoolImages {
  /** Name of the pool. */
  readonly pool: string;
  readonly nodes: NodeGroup;
  /** Full names, each once. */
  readonly images: readonly string[];
}

export interface ImagePullersProps {
  readonly pools: readonly PoolImages[];
  readonly imagePullSecrets: readonly string[];
}

/** A container that ends at once, and one that sleeps. */
const IDLE: Resources = {
  requests: { cpu: cpu(5), memory: { bytes: 8 * 1024 ** 2, text: '8Mi' } },
  limits: { memory: { bytes: 32 * 1024 ** 2, text: '32Mi' } },
};

const UNPRIVILEGED: k8s.SecurityContext = {
  runAsNonRoot: true,
  runAsUser: 65_534,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

/**
 * Brings images to nodes before anybody asks for them: one DaemonSet for each pool, on its nodes only, with the images
 * of the profiles that run there. No other component waits for them, because one node that is down would hold it up.
 *
 * @see https://z2jh.jupyter.org/en/stable/administrator/optimization.html#pulling-images-before-users-arrive
 */
export class ImagePullers extends Construct {
  constructor(scope: Construct, id: string, { pools, imagePullSecrets }: ImagePullersProps) {
    super(scope, id);
    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: { name: 'image-puller', namespace: NAMESPACE, labels: labels('image-puller') },
      automountServiceAccountToken: false,
    });
    for (const { pool, nodes, images } of pools) {
      const name = `image-puller-${pool}`;
      new k8s.KubeDaemonSet(this, pool, {
        metadata: { name, namespace: NAMESPACE, labels: labels(name) },
        spec: {
          selector: { matchLabels: { app: 'jupyterhub', component: name } },
          updateStrategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('100%') },
          },
          template: {
            metadata: { labels: labels(name) },
            spec: {
              serviceAccountName: 'image-puller',
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              terminationGracePeriodSeconds: 0,
              nodeSelector: { ...nodes.labels },
              tolerations: tolerations([nodes]),
              ...(imagePullSecrets.length === 0
                ? {}
                : { imagePullSecrets: imagePullSecrets.map((each) => ({ name: each })) }),
              initContainers: images.map((image, index) => ({
                name: `image-${String(index + 1)}`,
                image,
                imagePullPolicy: 'IfNotPresent',
                command: ['/bin/sh', '-c', 'exit 0'],
                resources: resourceRequirements(IDLE),
                securityContext: { ...UNPRIVILEGED, readOnlyRootFilesystem: true },
              })),
              containers: [
                {
                  name: 'pause',
                  image: RELEASE.images.pause,
                  imagePullPolicy: 'IfNotPresent',
                  resources: resourceRequirements(IDLE),
                  securityContext: { ...UNPRIVILEGED, readOnlyRootFilesystem: true },
                },
              ],
            },
          },
        },
      });
    }
  }
}
