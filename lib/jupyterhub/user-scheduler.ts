import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import { toApiServer, toDns } from '../kubernetes/network-policy';
import { cpu } from '../kubernetes/quantity';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { corePod } from './core-pod';
import { labels, metadata, selector } from './metadata';
import type { NodeGroup } from './placement';
import { NAMESPACE, RELEASE, USER_SCHEDULER } from './release';

export interface UserSchedulerProps {
  readonly cluster: ClusterNetwork;
  /** Image of the minor version of the cluster. */
  readonly image: string;
  readonly coreNodes: readonly NodeGroup[];
  readonly imagePullSecrets: readonly string[];
}

const LOCK = 'user-scheduler-lock';

/** Upstream's weights: nodes that are in use already come first, cores and memory counted alike. */
const CONFIGURATION = {
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  leaderElection: { resourceLock: 'leases', resourceName: LOCK, resourceNamespace: NAMESPACE },
  profiles: [
    {
      schedulerName: USER_SCHEDULER,
      plugins: {
        score: {
          disabled: [
            { name: 'NodeResourcesBalancedAllocation' },
            { name: 'NodeAffinity' },
            { name: 'InterPodAffinity' },
            { name: 'NodeResourcesFit' },
            { name: 'ImageLocality' },
          ],
          enabled: [
            { name: 'NodeAffinity', weight: 14_631 },
            { name: 'InterPodAffinity', weight: 1331 },
            { name: 'NodeResourcesFit', weight: 121 },
            { name: 'ImageLocality', weight: 11 },
          ],
        },
      },
      pluginConfig: [
        {
          name: 'NodeResourcesFit',
          args: {
            scoringStrategy: {
              type: 'MostAllocated',
              resources: [
                { name: 'cpu', weight: 1 },
                { name: 'memory', weight: 1 },
              ],
            },
          },
        },
      ],
    },
  ],
};

const RESOURCES: Resources = {
  requests: { cpu: cpu(50), memory: { bytes: 128 * 1024 ** 2, text: '128Mi' } },
  limits: { memory: { bytes: 512 * 1024 ** 2, text: '512Mi' } },
};

/**
 * A scheduler that packs notebooks onto few nodes, so that empty ones can be switched off.
 *
 * Its rights are the cluster's own roles for schedulers, which follow the version of the API server.
 *
 * @see https://z2jh.jupyter.org/en/stable/administrator/optimization.html#using-available-nodes-efficiently-the-user-scheduler
 */
export class UserScheduler extends Construct {
  constructor(scope: Construct, id: string, props: UserSchedulerProps) {
    super(scope, id);
    const own = metadata(USER_SCHEDULER, USER_SCHEDULER);
    const subjects = [{ kind: 'ServiceAccount', name: USER_SCHEDULER, namespace: NAMESPACE }];
    new k8s.KubeServiceAccount(this, 'service-account', { metadata: own });
    for (const role of ['kube-scheduler', 'volume-scheduler']) {
      new k8s.KubeClusterRoleBinding(this, role, {
        metadata: { name: `jupyterhub-${USER_SCHEDULER}:${role}`, labels: labels(USER_SCHEDULER) },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `system:${role}` },
        subjects,
      });
    }
    new k8s.KubeRole(this, 'lock', {
      metadata: own,
      rules: [
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          resourceNames: [LOCK],
          verbs: ['get', 'update'],
        },
      ],
    });
    new k8s.KubeRoleBinding(this, 'lock-binding', {
      metadata: own,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: USER_SCHEDULER },
      subjects,
    });
    new k8s.KubeConfigMap(this, 'configuration', {
      metadata: own,
      data: { 'config.yaml': `${JSON.stringify(CONFIGURATION, undefined, 2)}\n` },
    });
    new k8s.KubeNetworkPolicy(this, 'network-policy', {
      metadata: own,
      spec: {
        podSelector: { matchLabels: selector(USER_SCHEDULER) },
        policyTypes: ['Egress'],
        egress: [toApiServer(props.cluster), toDns(props.cluster)],
      },
    });
    new k8s.KubePodDisruptionBudget(this, 'disruption-budget', {
      metadata: own,
      spec: {
        selector: { matchLabels: selector(USER_SCHEDULER) },
        maxUnavailable: k8s.IntOrString.fromNumber(1),
      },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: own,
      spec: {
        replicas: 2,
        selector: { matchLabels: selector(USER_SCHEDULER) },
        template: {
          metadata: { labels: labels(USER_SCHEDULER) },
          spec: {
            serviceAccountName: USER_SCHEDULER,
            ...corePod(props),
            containers: [container(props.image)],
            volumes: [{ name: 'config', configMap: { name: USER_SCHEDULER } }],
          },
        },
      },
    });
  }
}

function container(image: string): k8s.Container {
  const probe: k8s.Probe = {
    httpGet: {
      path: '/healthz',
      port: k8s.IntOrString.fromNumber(RELEASE.ports.scheduler),
      scheme: 'HTTPS',
    },
  };
  return {
    name: 'kube-scheduler',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [
      '/usr/local/bin/kube-scheduler',
      '--config=/etc/user-scheduler/config.yaml',
      '--authentication-skip-lookup=true',
      '--v=2',
    ],
    volumeMounts: [{ name: 'config', mountPath: '/etc/user-scheduler' }],
    livenessProbe: { ...probe, initialDelaySeconds: 15 },
    readinessProbe: probe,
    resources: resourceRequirements(RESOURCES),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_534,
      runAsGroup: 65_534,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}
