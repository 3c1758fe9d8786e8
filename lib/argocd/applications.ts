import { Construct } from 'constructs';
import { Application, ApplicationSpecSource, ApplicationSpecSyncPolicy } from '../../imports/argoproj.io';
import { PROTECTED } from '../kubernetes/protection';
import type { UpstreamSource } from '../kubernetes/upstream-source';
import { wave } from '../kubernetes/wave';

/** One unit that Argo CD syncs. */
export interface Component {
  /** Name of the Application, and of the folder in dist. */
  readonly name: string;
  readonly project: 'crds' | 'platform' | 'facility';
  /** Applications of a lower wave are healthy first, when the root is synced as a whole. */
  readonly wave: number;
  /** Namespace of its objects. @default it has objects of several namespaces, and a folder for each */
  readonly namespace?: string;
  /** Namespace that the Application names: its project must allow one, also where all objects state their own. @default `namespace` */
  readonly destination?: string;
  /** Whether data is lost with its objects: then nothing of it is ever pruned or deleted by Argo CD. */
  readonly stateful: boolean;
  /** Whether objects that leave its folder are deleted. @default unless data is lost with its objects */
  readonly prunes?: boolean;
  /** Whether it holds custom resources, whose kind may be unknown when Argo CD first looks. */
  readonly customResources: boolean;
  /** @default the component's folder in dist */
  readonly upstream?: UpstreamSource;
}

/** Where this repository is, and which cluster it is applied to. */
export interface GitOpsSource {
  readonly namespace: string;
  readonly repoURL: string;
  readonly revision: string;
  /** Folder of the site in the repository. */
  readonly folder: string;
  /** API server, by the address that Argo CD knows. */
  readonly server: string;
  readonly prune: boolean;
  readonly selfHeal: boolean;
  /** Labels of every Application. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface ApplicationsProps {
  readonly source: GitOpsSource;
  readonly components: readonly Component[];
}

/** Makes Argo CD compare with what the API server would store, so that defaults are no differences. */
const SERVER_SIDE_DIFF = { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' };

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** Waits double from ten seconds to five minutes: order between Applications is not guaranteed, retry is what converges. */
const RETRY = { limit: 10, refresh: true, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } };

/** The root holds itself: in a wave before another one it would wait for the end of the very sync that it is in. */
const LAST_WAVE = 1000;

const SYNC_OPTIONS = [
  'ServerSideApply=true',
  'FailOnSharedResource=true',
  'PruneLast=true',
  'ApplyOutOfSyncOnly=true',
];

/**
 * One Application per component, and the root that holds them.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/
 */
export class Applications extends Construct {
  constructor(scope: Construct, id: string, { source, components }: ApplicationsProps) {
    super(scope, id);
    new Application(this, 'root', {
      metadata: {
        name: 'root',
        namespace: source.namespace,
        labels: source.labels,
        annotations: { ...SERVER_SIDE_DIFF, ...wave(LAST_WAVE), ...PROTECTED },
      },
      spec: {
        project: 'default',
        destination: { server: source.server, namespace: source.namespace },
        source: distSource(source, 'argocd'),
        revisionHistoryLimit: 5,
        syncPolicy: {
          automated: { prune: source.prune, selfHeal: source.selfHeal, allowEmpty: false },
          retry: RETRY,
          syncOptions: [...SYNC_OPTIONS, 'SkipDryRunOnMissingResource=true'],
        },
      },
    });
    for (const component of components) {
      new Application(this, component.name, {
        metadata: {
          name: component.name,
          namespace: source.namespace,
          labels: source.labels,
          annotations: { ...SERVER_SIDE_DIFF, ...wave(component.wave) },
          ...(component.stateful ? {} : { finalizers: [FINALIZER] }),
        },
        spec: {
          project: component.project,
          destination: {
            server: source.server,
            namespace: component.destination ?? component.namespace ?? source.namespace,
          },
          source: component.upstream
            ? upstreamSource(component.upstream)
            : distSource(source, component.name),
          revisionHistoryLimit: 5,
          syncPolicy: syncPolicy(source, component),
        },
      });
    }
  }
}

function distSource(source: GitOpsSource, component: string): ApplicationSpecSource {
  const at = {
    repoUrl: source.repoURL,
    targetRevision: source.revision,
    path: `${source.folder}/${component}`,
  };
  // A folder with a kustomization is Kustomize to Argo CD only while nothing is said of directories.
  return component.startsWith('crds-') ? at : { ...at, directory: { recurse: true } };
}

function upstreamSource({ repoURL, commit, path, include }: UpstreamSource): ApplicationSpecSource {
  return { repoUrl: repoURL, targetRevision: commit, path, directory: { include } };
}

function syncPolicy(source: GitOpsSource, component: Component): ApplicationSpecSyncPolicy {
  const kept = component.project === 'crds' ? ['Prune=false', 'Delete=false'] : [];
  return {
    automated: {
      prune: source.prune && (component.prunes ?? !component.stateful),
      selfHeal: source.selfHeal,
      allowEmpty: false,
    },
    retry: RETRY,
    syncOptions: [
      ...SYNC_OPTIONS,
      ...kept,
      ...(component.customResources ? ['SkipDryRunOnMissingResource=true'] : []),
    ],
  };
}
