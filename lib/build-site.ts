import { App } from 'cdk8s';
import { Applications, type Component } from './argocd/applications';
import { Configuration } from './argocd/configuration';
import { Projects } from './argocd/projects';
import { CertManager } from './cert-manager/cert-manager';
import { Certificates } from './certificates/certificates';
import { neededSecrets } from './certificates/needed-secrets';
import { ComponentChart } from './component-chart';
import {
  CERT_MANAGER,
  CERTIFICATES,
  CRDS_CERT_MANAGER,
  CRDS_LONGHORN,
  HTCONDOR,
  IMAGE_PULLERS,
  JUPYTERHUB,
  LONGHORN,
  NAMESPACES,
  SPARK,
  STORAGE,
  USER_SCHEDULER,
} from './components';
import { HTCondor } from './htcondor/htcondor';
import { ImagePullers } from './jupyterhub/image-pullers';
import { JupyterHub } from './jupyterhub/jupyterhub';
import { UserScheduler } from './jupyterhub/user-scheduler';
import type { NeededSecret } from './kubernetes/needed-secret';
import { crdsKustomization } from './longhorn/crds';
import { Longhorn } from './longhorn/longhorn';
import { Namespaces } from './namespaces/namespaces';
import type { Site } from './site/schema';
import { gitOpsSource, projectsProps } from './site-props/argocd';
import { certManagerProps, issuers } from './site-props/certificates';
import { pullSecrets } from './site-props/cluster';
import { htcondorProps, htcondorSecrets } from './site-props/htcondor';
import {
  jupyterhubProps,
  jupyterhubSecrets,
  userSchedulerProps,
  type HubTexts,
} from './site-props/jupyterhub';
import { facilityNamespaces } from './site-props/namespaces';
import { imagePullersProps } from './site-props/notebooks';
import { longhornProps, longhornSecrets, storageProps } from './site-props/storage';
import { sparkProps, sparkSecrets } from './site-props/spark';
import { Spark } from './spark/spark';
import { Storage } from './storage/storage';

/** Programs in other languages that objects carry as text. Commands read the files; nothing else does. */
export interface Programs {
  readonly hub: HubTexts;
  /** Files of `lib/htcondor/exporter`, by name. */
  readonly exporter: Readonly<Record<string, string>>;
}

/** The table of contents of a facility: what it consists of. A part of the site file that is absent is not installed. */
export function buildSite(site: Site, programs: Programs): App {
  const app = new App();
  const add = (component: Component, secrets: readonly NeededSecret[] = []) =>
    new ComponentChart(app, component, secrets);
  const { certificates, storage, cluster, htcondor, jupyterhub, spark } = site;
  const namespaces = facilityNamespaces(site);

  if (namespaces.length > 0) {
    new Namespaces(add(NAMESPACES), 'namespaces', {
      namespaces,
      kubernetesVersion: cluster.kubernetesVersion,
    });
  }
  if (certificates) {
    add(CRDS_CERT_MANAGER);
    new CertManager(
      add(CERT_MANAGER, pullSecrets(site, CERT_MANAGER.namespace)),
      'cert-manager',
      certManagerProps(site, certificates),
    );
    new Certificates(add(CERTIFICATES, neededSecrets(issuers(site))), 'certificates', {
      issuers: issuers(site),
    });
  }
  if (storage) {
    new ComponentChart(app, CRDS_LONGHORN, [], { 'kustomization.yaml': crdsKustomization() });
    new Longhorn(add(LONGHORN, longhornSecrets(site, storage)), 'longhorn', longhornProps(site, storage));
    new Storage(add(STORAGE), 'storage', storageProps(storage));
  }
  if (htcondor) {
    new HTCondor(
      add(HTCONDOR, htcondorSecrets(site, htcondor)),
      'htcondor',
      htcondorProps(site, htcondor, programs.exporter),
    );
  }
  if (spark) new Spark(add(SPARK, sparkSecrets(site, spark)), 'spark', sparkProps(site, spark));
  if (jupyterhub) {
    if (jupyterhub.userScheduler)
      new UserScheduler(add(USER_SCHEDULER), 'user-scheduler', userSchedulerProps(site));
    new JupyterHub(
      add(JUPYTERHUB, jupyterhubSecrets(site, jupyterhub)),
      'jupyterhub',
      jupyterhubProps(site, jupyterhub, programs.hub),
    );
    if (jupyterhub.prePull)
      new ImagePullers(add(IMAGE_PULLERS), 'image-pullers', imagePullersProps(site, jupyterhub));
  }
  addArgocd(app, site);
  return app;
}

/** Last, because it holds an Application for each component above. */
function addArgocd(app: App, site: Site): void {
  const { namespace, adminGroups } = site.cluster.argocd;
  const components = componentCharts(app).map(({ component }) => component);
  const source = gitOpsSource(site);
  const chart = new ComponentChart(app, {
    name: 'argocd',
    project: 'platform',
    wave: 0,
    namespace,
    stateful: false,
    customResources: true,
  });
  new Configuration(chart, 'configuration', { namespace, adminGroups });
  new Projects(chart, 'projects', projectsProps(site, source));
  new Applications(chart, 'applications', { source, components });
}

/** The components of a site, in the order in which they were built. */
export function componentCharts(app: App): ComponentChart[] {
  return app.node.children.filter((child): child is ComponentChart => child instanceof ComponentChart);
}
