import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesObject } from '../kubernetes/object';
import { at, labelsAt, textsAt } from '../kubernetes/read';
import { Applications, type ApplicationsProps, type Component, type GitOpsSource } from './applications';
import { Configuration, type ConfigurationProps } from './configuration';
import { Projects, syncWindow, type ProjectsProps, type SyncWindow } from './projects';

const SOURCE: Required<GitOpsSource> = {
  namespace: 'argocd',
  repoURL: 'https://git.example.org/af/sites.git',
  revision: 'main',
  folder: 'dist/pg1',
  server: 'https://kubernetes.default.svc',
  prune: true,
  selfHeal: true,
  labels: { 'analysis-facility/site': 'pg1' },
};
const DATA: Required<Omit<Component, 'upstream'>> = {
  name: 'storage',
  project: 'platform',
  wave: 0,
  namespace: 'longhorn-system',
  destination: 'longhorn-system',
  stateful: true,
  prunes: false,
  customResources: true,
};
const STATELESS: Component = {
  name: 'cert-manager',
  project: 'platform',
  wave: -10,
  namespace: 'cert-manager',
  stateful: false,
  customResources: false,
};
const CRDS: Required<Omit<Component, 'destination' | 'prunes'>> = {
  name: 'crds-cert-manager',
  project: 'crds',
  wave: -20,
  namespace: 'cert-manager',
  stateful: true,
  customResources: false,
  upstream: {
    repoURL: 'https://github.com/cert-manager/cert-manager',
    commit: '0'.repeat(40),
    path: 'deploy/crds',
    include: '*.yaml',
  },
};
const WINDOW: Required<SyncWindow> = { days: [2], from: '07:00', to: '09:30', timeZone: 'Europe/Rome' };
const PROJECTS: Required<ProjectsProps> = {
  source: SOURCE,
  description: 'Perugia',
  alerts: 'af-alerts@pg.example.org',
  crds: {
    repositories: ['https://github.com/cert-manager/cert-manager'],
    names: ['*.cert-manager.io'],
    namespaces: ['cert-manager'],
  },
  platformNamespaces: ['cert-manager'],
  facilityNamespaces: ['htcondor'],
  windowed: ['longhorn'],
  windows: [WINDOW],
};

function objects(build: (scope: Construct) => unknown, app: App = new App()): KubernetesObject[] {
  const chart = new Chart(app, 'argocd', { disableResourceNameHashes: true });
  build(chart);
  return chart.toJson() as KubernetesObject[];
}

function applications(
  components: readonly Component[],
  source: GitOpsSource = SOURCE,
): Map<string, KubernetesObject> {
  const props: Required<ApplicationsProps> = { source, components };
  return new Map(
    objects((scope) => new Applications(scope, 'applications', props)).map((object) => [
      object.metadata.name,
      object,
    ]),
  );
}

const projects = (props: ProjectsProps = PROJECTS) =>
  new Map(
    objects((scope) => new Projects(scope, 'projects', props)).map((object) => [
      object.metadata.name,
      object,
    ]),
  );

describe('an Application', () => {
  const all = applications([DATA, STATELESS, CRDS]);

  test('of a component with data is never pruned, and leaves its objects when it is deleted', () => {
    expect(at(all.get('storage'), 'spec', 'syncPolicy', 'automated', 'prune')).toBe(false);
    expect(at(all.get('storage'), 'metadata', 'finalizers')).toBeUndefined();
  });

  test('of a component that asks before it prunes leaves its objects when it is deleted', () => {
    const pool = applications([{ ...STATELESS, stateful: true, prunes: true }]).get(STATELESS.name);
    expect(at(pool, 'spec', 'syncPolicy', 'automated', 'prune')).toBe(true);
    expect(at(pool, 'metadata', 'finalizers')).toBeUndefined();
  });

  test('of a component without data is pruned, and takes its objects along', () => {
    expect(at(all.get('cert-manager'), 'spec', 'syncPolicy', 'automated', 'prune')).toBe(true);
    expect(at(all.get('cert-manager'), 'metadata', 'finalizers')).toEqual([
      'resources-finalizer.argocd.argoproj.io',
    ]);
  });

  test('takes back what is changed by hand, with data or without, and is never emptied', () => {
    for (const name of ['root', 'storage', 'cert-manager', 'crds-cert-manager'])
      expect(at(all.get(name), 'spec', 'syncPolicy', 'automated')).toMatchObject({
        selfHeal: true,
        allowEmpty: false,
      });
  });

  test('follows the folder of its component in this repository', () => {
    expect(at(all.get('storage'), 'spec', 'source')).toEqual({
      repoURL: SOURCE.repoURL,
      targetRevision: 'main',
      path: 'dist/pg1/storage',
      directory: { recurse: true },
    });
  });

  test('of upstream definitions follows a commit and keeps what it has applied', () => {
    expect(at(all.get('crds-cert-manager'), 'spec', 'source', 'targetRevision')).toBe('0'.repeat(40));
    expect(textsAt(all.get('crds-cert-manager'), 'spec', 'syncPolicy', 'syncOptions')).toEqual(
      expect.arrayContaining(['Prune=false', 'Delete=false', 'ServerSideApply=true']),
    );
  });

  test('of a kustomization says nothing of directories, or Argo CD would not run Kustomize', () => {
    const { upstream: _, ...own } = CRDS;
    expect(at(applications([own]).get('crds-cert-manager'), 'spec', 'source', 'directory')).toBeUndefined();
  });

  test('with custom resources does not ask for their kind before it exists', () => {
    expect(textsAt(all.get('storage'), 'spec', 'syncPolicy', 'syncOptions')).toContain(
      'SkipDryRunOnMissingResource=true',
    );
    expect(textsAt(all.get('cert-manager'), 'spec', 'syncPolicy', 'syncOptions')).not.toContain(
      'SkipDryRunOnMissingResource=true',
    );
  });

  test('does not prune where the site says so', () => {
    const quiet = applications([STATELESS], { ...SOURCE, prune: false, selfHeal: false });
    expect(at(quiet.get('cert-manager'), 'spec', 'syncPolicy', 'automated')).toEqual({
      prune: false,
      selfHeal: false,
      allowEmpty: false,
    });
  });
});

test('an Application is compared as the API server would store it, and deletes what is gone only when all else is well', () => {
  for (const application of applications([DATA, STATELESS, CRDS]).values()) {
    expect(labelsAt(application, 'metadata', 'annotations')).toMatchObject({
      'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
    });
    expect(textsAt(application, 'spec', 'syncPolicy', 'syncOptions')).toContain('PruneLast=true');
  }
});

test('the root is never deleted by Argo CD, and with it all that it holds', () => {
  expect(labelsAt(applications([]).get('root'), 'metadata', 'annotations')).toMatchObject({
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  });
});

test('the root is in the one project that every Argo CD has, and holds the folder argocd', () => {
  const root = applications([]).get('root');
  expect(at(root, 'spec', 'project')).toBe('default');
  expect(at(root, 'spec', 'source', 'path')).toBe('dist/pg1/argocd');
});

describe('projects', () => {
  test('the default one allows only what the root holds', () => {
    const spec = at(projects().get('default'), 'spec');
    expect(at(spec, 'sourceRepos')).toEqual([SOURCE.repoURL]);
    expect(at(spec, 'clusterResourceWhitelist')).toEqual([]);
    expect(at(spec, 'namespaceResourceWhitelist')).toHaveLength(3);
  });

  test('that of definitions allows nothing else', () => {
    const spec = at(projects().get('crds'), 'spec');
    expect(at(spec, 'clusterResourceWhitelist')).toEqual([
      { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name: '*.cert-manager.io' },
    ]);
    expect(at(spec, 'namespaceResourceBlacklist')).toEqual([{ group: '*', kind: '*' }]);
  });

  test('that of the facility makes nothing outside its namespaces', () => {
    const spec = at(projects().get('facility'), 'spec');
    expect(at(spec, 'clusterResourceWhitelist')).toEqual([]);
    expect(at(spec, 'destinations')).toEqual([{ server: SOURCE.server, namespace: 'htcondor' }]);
  });

  test('that of the facility cannot lift the limits of its own namespaces', () => {
    expect(at(projects().get('facility'), 'spec', 'namespaceResourceBlacklist')).toEqual([
      { group: '', kind: 'ResourceQuota' },
      { group: '', kind: 'LimitRange' },
    ]);
  });

  test('none takes whatever kind without a namespace comes along', () => {
    for (const project of projects().values())
      expect(JSON.stringify(at(project, 'spec', 'clusterResourceWhitelist'))).not.toContain('"*"');
  });

  test('whoever gets the alerts hears of a sync that fails and of an Application that is not well', () => {
    const annotations = labelsAt(projects().get('platform'), 'metadata', 'annotations');
    expect(annotations).toMatchObject({
      'notifications.argoproj.io/subscribe.on-sync-failed.email': 'af-alerts@pg.example.org',
      'notifications.argoproj.io/subscribe.on-health-degraded.email': 'af-alerts@pg.example.org',
    });
  });

  test('no window means any time', () => {
    expect(at(projects({ ...PROJECTS, windows: [] }).get('platform'), 'spec', 'syncWindows')).toBeUndefined();
  });
});

test.each([
  ['07:00', '09:30', '0 7 * * 2', '2h30m'],
  ['22:15', '02:15', '15 22 * * 2', '4h'],
])('a window from %s to %s opens at %s for %s', (from, to, schedule, duration) => {
  expect(syncWindow({ ...WINDOW, from, to }, ['longhorn'])).toEqual({
    kind: 'allow',
    schedule,
    duration,
    timeZone: 'Europe/Rome',
    applications: ['longhorn'],
    manualSync: true,
  });
});

describe('configuration', () => {
  const PROPS: Required<ConfigurationProps> = { namespace: 'argocd', adminGroups: ['af-admins', 'ops'] };
  const maps = (props: ConfigurationProps) =>
    new Map(
      objects((scope) => new Configuration(scope, 'configuration', props)).map((object) => [
        object.metadata.name,
        object,
      ]),
    );

  test('members of the admin groups are administrators, and nobody else is anything', () => {
    expect(labelsAt(maps(PROPS).get('argocd-rbac-cm'), 'data')).toEqual({
      'policy.csv': 'g, af-admins, role:admin\ng, ops, role:admin\n',
      'policy.default': '',
      scopes: '[groups]',
    });
  });

  test('Argo CD reads only maps that say they are part of it', () => {
    for (const map of maps(PROPS).values())
      expect(map.metadata.labels?.['app.kubernetes.io/part-of']).toBe('argocd');
  });
});
