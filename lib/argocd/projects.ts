import { Construct } from 'constructs';
import { AppProject, AppProjectSpec, AppProjectSpecSyncWindows } from '../../imports/argoproj.io';
import { PROTECTED } from '../kubernetes/protection';
import { wave } from '../kubernetes/wave';
import type { GitOpsSource } from './applications';

/** Group and kind of objects, with a glob of their names where a kind is allowed in part only. */
export interface AllowedKind {
  readonly group: string;
  readonly kind: string;
  /** @default every name */
  readonly name?: string;
}

/** A weekly time in which Argo CD may change the platform. */
export interface SyncWindow {
  /** Days of the week, 0 is Sunday. */
  readonly days: readonly number[];
  /** Time of day as `HH:MM`. */
  readonly from: string;
  /** Time of day as `HH:MM`; before `from` it is on the next day. */
  readonly to: string;
  readonly timeZone: string;
}

export interface ProjectsProps {
  readonly source: GitOpsSource;
  /** What the site is called, and whom to call. */
  readonly description: string;
  /** Mail address that Argo CD's notifications go to. @default nobody is subscribed */
  readonly alerts?: string;
  readonly crds: {
    readonly repositories: readonly string[];
    readonly names: readonly string[];
    readonly namespaces: readonly string[];
  };
  readonly platformNamespaces: readonly string[];
  readonly facilityNamespaces: readonly string[];
  /** Applications that wait for a window. */
  readonly windowed: readonly string[];
  readonly windows: readonly SyncWindow[];
}

const PLATFORM_KINDS: readonly AllowedKind[] = [
  { group: '', kind: 'Namespace' },
  { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
  { group: 'rbac.authorization.k8s.io', kind: 'ClusterRoleBinding' },
  { group: 'admissionregistration.k8s.io', kind: 'MutatingWebhookConfiguration' },
  { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration' },
  { group: 'cert-manager.io', kind: 'ClusterIssuer' },
  { group: 'scheduling.k8s.io', kind: 'PriorityClass' },
  { group: 'storage.k8s.io', kind: 'StorageClass' },
];

/**
 * What each tier may apply and where.
 *
 * The project `default` exists in every Argo CD and may do everything. The root needs a project that is there before
 * it, so ours takes its place and leaves it the three kinds that the root holds.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
 */
export class Projects extends Construct {
  constructor(scope: Construct, id: string, props: ProjectsProps) {
    super(scope, id);
    const { source, description } = props;
    const at = (namespaces: readonly string[]) =>
      namespaces.map((namespace) => ({ server: source.server, namespace }));
    const own = [source.repoURL];
    const project = (name: string, spec: AppProjectSpec) =>
      new AppProject(this, name, {
        metadata: {
          name,
          namespace: source.namespace,
          labels: source.labels,
          annotations: {
            ...wave(-30),
            ...PROTECTED,
            ...subscriptions(props.alerts),
          },
          ...(name === 'default' ? {} : { finalizers: ['resources-finalizer.argocd.argoproj.io'] }),
        },
        spec: { ...spec, description: `${description}: ${spec.description ?? ''}` },
      });

    project('default', {
      description: 'the root Application only',
      sourceRepos: own,
      destinations: at([source.namespace]),
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [
        { group: 'argoproj.io', kind: 'Application' },
        { group: 'argoproj.io', kind: 'AppProject' },
        { group: '', kind: 'ConfigMap' },
      ],
    });
    project('crds', {
      description: 'definitions of upstream at pinned commits',
      sourceRepos: [...props.crds.repositories, ...own],
      destinations: at(props.crds.namespaces),
      clusterResourceWhitelist: props.crds.names.map((name) => ({
        group: 'apiextensions.k8s.io',
        kind: 'CustomResourceDefinition',
        name,
      })),
      // Nothing inside a namespace: an upstream file that brings more than definitions fails here.
      namespaceResourceBlacklist: [{ group: '*', kind: '*' }],
    });
    project('platform', {
      description: 'namespaces, certificates and storage',
      sourceRepos: own,
      destinations: at([...props.platformNamespaces, ...props.facilityNamespaces]),
      clusterResourceWhitelist: [...PLATFORM_KINDS],
      ...(props.windows.length === 0
        ? {}
        : { syncWindows: props.windows.map((window) => syncWindow(window, props.windowed)) }),
    });
    project('facility', {
      description: 'what users work with',
      sourceRepos: own,
      destinations: at(props.facilityNamespaces),
      clusterResourceWhitelist: [],
      // Limits of a namespace are the platform's: a workload cannot lift its own.
      namespaceResourceBlacklist: [
        { group: '', kind: 'ResourceQuota' },
        { group: '', kind: 'LimitRange' },
      ],
    });
  }
}

/**
 * A project subscribes for all its Applications; the triggers are those of Argo CD's own catalogue.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/subscriptions/
 */
function subscriptions(alerts: string | undefined): Record<string, string> {
  if (alerts === undefined) return {};
  const triggers = ['on-sync-failed', 'on-health-degraded'];
  return Object.fromEntries(
    triggers.map((trigger) => [`notifications.argoproj.io/subscribe.${trigger}.email`, alerts]),
  );
}

const MINUTES_PER_DAY = 1440;

/** A weekly window as Argo CD says it: when it opens, and for how long. */
export function syncWindow(window: SyncWindow, applications: readonly string[]): AppProjectSpecSyncWindows {
  const [from, to] = [minuteOfDay(window.from), minuteOfDay(window.to)];
  const minutes = (to - from + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return {
    kind: 'allow',
    schedule: `${String(from % 60)} ${String(Math.floor(from / 60))} * * ${[...window.days].sort((a, b) => a - b).join(',')}`,
    duration: `${String(Math.floor(minutes / 60))}h${minutes % 60 === 0 ? '' : `${String(minutes % 60)}m`}`,
    timeZone: window.timeZone,
    applications: [...applications],
    manualSync: true,
  };
}

function minuteOfDay(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}
