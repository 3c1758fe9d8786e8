import type { k8s } from 'cdk8s-plus-27';
import type { Resources } from '../kubernetes/resources';
import { resourceRequirements } from '../kubernetes/resources';
import { APPS, labels, namespaced } from './metadata';
import { fieldVariable, pullSecrets, UNPRIVILEGED } from './pod';
import { IMAGES, MANAGER_URL, PRIORITY_CLASS, SERVICE_ACCOUNTS } from './release';

export interface DriverDeployerProps {
  readonly resources: Resources;
  readonly imagePullSecret: string | undefined;
}

const API = `${MANAGER_URL}/v1`;

/**
 * Installs the CSI driver through the manager's API, then sleeps; it has no port and so no probe.
 *
 * It tolerates no taint: one pod on any ordinary node serves the whole cluster. It runs as root as upstream
 * has it.
 *
 * @see https://longhorn.io/docs/1.12.1/concepts/#22-csi-driver
 */
export function driverDeployerDeployment(props: DriverDeployerProps): k8s.KubeDeploymentProps {
  const resources = resourceRequirements(props.resources);
  return {
    metadata: namespaced(APPS.driverDeployer),
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: APPS.driverDeployer } },
      template: {
        metadata: { labels: labels(APPS.driverDeployer) },
        spec: {
          serviceAccountName: SERVICE_ACCOUNTS.manager,
          priorityClassName: PRIORITY_CLASS,
          securityContext: { runAsUser: 0 },
          ...pullSecrets(props.imagePullSecret),
          initContainers: [
            {
              name: 'wait-longhorn-manager',
              image: IMAGES.manager,
              imagePullPolicy: 'IfNotPresent',
              command: [
                'sh',
                '-c',
                `until curl --silent --fail --max-time 2 --output /dev/null ${API}; do sleep 3; done`,
              ],
              securityContext: UNPRIVILEGED,
              resources,
            },
          ],
          containers: [
            {
              name: 'longhorn-driver-deployer',
              image: IMAGES.manager,
              imagePullPolicy: 'IfNotPresent',
              command: [
                ...['longhorn-manager', '-d', 'deploy-driver'],
                ...['--manager-image', IMAGES.manager],
                ...['--manager-url', API],
              ],
              env: [
                fieldVariable('POD_NAMESPACE', 'metadata.namespace'),
                fieldVariable('NODE_NAME', 'spec.nodeName'),
                fieldVariable('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
                { name: 'CSI_ATTACHER_IMAGE', value: IMAGES.csiAttacher },
                { name: 'CSI_PROVISIONER_IMAGE', value: IMAGES.csiProvisioner },
                { name: 'CSI_NODE_DRIVER_REGISTRAR_IMAGE', value: IMAGES.csiNodeDriverRegistrar },
                { name: 'CSI_RESIZER_IMAGE', value: IMAGES.csiResizer },
                { name: 'CSI_SNAPSHOTTER_IMAGE', value: IMAGES.csiSnapshotter },
                { name: 'CSI_LIVENESS_PROBE_IMAGE', value: IMAGES.csiLivenessProbe },
              ],
              securityContext: UNPRIVILEGED,
              resources,
            },
          ],
        },
      },
    },
  };
}
