import { k8s } from 'cdk8s-plus-27';
import type { Resources } from '../kubernetes/resources';
import { resourceRequirements } from '../kubernetes/resources';
import { APPS, labels, namespaced } from './metadata';
import { pullSecrets, UNPRIVILEGED } from './pod';
import { IMAGES, MANAGER_URL, PORTS, PRIORITY_CLASS, SERVICE_ACCOUNTS } from './release';

export interface UiProps {
  readonly replicas: number;
  readonly resources: Resources;
  readonly imagePullSecret: string | undefined;
}

const SCRATCH = [
  { name: 'nginx-cache', mountPath: '/var/cache/nginx/' },
  { name: 'nginx-config', mountPath: '/var/config/nginx/' },
  { name: 'var-run', mountPath: '/var/run/' },
];

/**
 * The web page. It asks nobody for a password, so no policy of ours lets anything reach it: admins use
 * `kubectl port-forward`, which needs no policy.
 *
 * @see https://longhorn.io/docs/1.12.1/deploy/accessing-the-ui/
 */
export function uiDeployment(props: UiProps): k8s.KubeDeploymentProps {
  return {
    metadata: namespaced(APPS.ui, { app: APPS.ui }),
    spec: {
      replicas: props.replicas,
      selector: { matchLabels: { app: APPS.ui } },
      template: {
        metadata: { labels: labels(APPS.ui) },
        spec: {
          serviceAccountName: SERVICE_ACCOUNTS.ui,
          automountServiceAccountToken: false,
          priorityClassName: PRIORITY_CLASS,
          affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [APART] } },
          ...pullSecrets(props.imagePullSecret),
          containers: [
            {
              name: 'longhorn-ui',
              image: IMAGES.ui,
              imagePullPolicy: 'IfNotPresent',
              ports: [{ name: 'http', containerPort: PORTS.ui, protocol: 'TCP' }],
              env: [
                { name: 'LONGHORN_MANAGER_IP', value: MANAGER_URL },
                { name: 'LONGHORN_UI_PORT', value: String(PORTS.ui) },
              ],
              readinessProbe: { httpGet: { path: '/', port: k8s.IntOrString.fromString('http') } },
              volumeMounts: SCRATCH.map((mount) => ({ ...mount })),
              securityContext: UNPRIVILEGED,
              resources: resourceRequirements(props.resources),
            },
          ],
          volumes: SCRATCH.map(({ name }) => ({ name, emptyDir: {} })),
        },
      },
    },
  };
}

const APART: k8s.WeightedPodAffinityTerm = {
  weight: 1,
  podAffinityTerm: {
    labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [APPS.ui] }] },
    topologyKey: 'kubernetes.io/hostname',
  },
};
