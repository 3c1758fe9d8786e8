import type { GitOpsSource } from '../argocd/applications';
import type { ProjectsProps, SyncWindow } from '../argocd/projects';
import { NAMESPACE as CERT_MANAGER, RELEASE as CERT_MANAGER_RELEASE } from '../cert-manager/release';
import { NAMESPACE as LONGHORN } from '../longhorn/release';
import type { Site } from '../site/schema';
import type { MaintenanceWindow } from '../site/schema/identity';
import { NAMESPACE_PREFIX } from '../spark/release';
import { HTCONDOR, JUPYTERHUB } from './namespaces';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export function gitOpsSource({ site, cluster }: Site): GitOpsSource {
  const { namespace, source, server, autoSync } = cluster.argocd;
  return {
    namespace,
    server,
    repoURL: source.url,
    revision: source.revision,
    folder: `dist/${site.name}`,
    ...autoSync,
    labels: { 'analysis-facility/site': site.name, 'analysis-facility/stage': site.stage },
  };
}

/**
 * The limits of a project do not depend on what a site has: a project that is narrowed before a removed component is
 * pruned keeps Argo CD from deleting what is left of it.
 */
export function projectsProps({ site }: Site, source: GitOpsSource): ProjectsProps {
  return {
    source,
    description: `${site.displayName} (security: ${site.contacts.security})`,
    ...(site.contacts.alerts === undefined ? {} : { alerts: site.contacts.alerts }),
    crds: {
      repositories: [CERT_MANAGER_RELEASE.crds.repoURL],
      names: ['*.cert-manager.io', '*.longhorn.io'],
      namespaces: [CERT_MANAGER, LONGHORN],
    },
    platformNamespaces: [CERT_MANAGER, LONGHORN],
    facilityNamespaces: [...[...HTCONDOR, ...JUPYTERHUB].map(({ name }) => name), `${NAMESPACE_PREFIX}*`],
    windowed: ['cert-manager', 'longhorn'],
    windows: site.maintenanceWindows.map((window) => syncWindow(window, site.timezone)),
  };
}

function syncWindow({ days, from, to }: MaintenanceWindow, timeZone: string): SyncWindow {
  return { days: [...new Set(days)].map((day) => DAYS.indexOf(day)), from, to, timeZone };
}
