import { applicationRetry } from './application-retry';
import { backupTargets } from './backup-targets';
import { caBundles } from './ca-bundles';
import { claimWaves } from './claim-waves';
import { condorAuthorization } from './condor-authorization';
import { crdApplications } from './crd-applications';
import { defaultDeny } from './default-deny';
import { engineUpgrade } from './engine-upgrade';
import { flows } from './flows';
import { gpuPlacement } from './gpu-placement';
import { hardening } from './hardening';
import { helmHooks } from './helm-hooks';
import { hubRole, hubSettings, profileGpus } from './hub-configuration';
import { hubRestart } from './hub-restart';
import { httpRoutes } from './http-routes';
import { ignoredDifferences } from './ignored-differences';
import { imageVersions } from './image-versions';
import { images } from './images';
import { issuersApart } from './issuers-apart';
import { jobContainers } from './job-containers';
import { jobs } from './jobs';
import { leaderElection } from './leader-election';
import { longhornDeletion } from './longhorn-deletion';
import { longhornMetrics } from './longhorn-metrics';
import { longhornSettings } from './longhorn-settings';
import { longhornTaints } from './longhorn-taints';
import { mapFiles } from './map-files';
import { namespaces } from './namespaces';
import { notebookRights } from './notebook-rights';
import { openPolicies } from './open-policies';
import { podSecurity } from './pod-security';
import { ports } from './ports';
import { projectLimits } from './project-limits';
import { protectedObjects } from './protected-objects';
import { recurringJobs } from './recurring-jobs';
import { references } from './references';
import { remoteSources } from './remote-sources';
import { replacedObjects } from './replaced-objects';
import { resourceTracking } from './resource-tracking';
import { rootWave } from './root-wave';
import { secretValues } from './secret-values';
import { selectors } from './selectors';
import { serviceAccounts } from './service-accounts';
import { serviceMonitors } from './service-monitors';
import { servicePorts } from './service-ports';
import { signingKeys } from './signing-keys';
import { sparkExecutors } from './spark-executors';
import { startupCheck } from './startup-check';
import { statefulApplications } from './stateful-applications';
import { storageClasses } from './storage-classes';
import { upstreamRevisions } from './upstream-revisions';
import { volumeClaimTemplates } from './volume-claim-templates';
import type { Check } from './check';

/** Every check, in the order of their ids. */
export const CHECKS: readonly Check[] = [
  helmHooks,
  httpRoutes,
  ignoredDifferences,
  caBundles,
  volumeClaimTemplates,
  claimWaves,
  protectedObjects,
  namespaces,
  podSecurity,
  crdApplications,
  replacedObjects,
  jobs,
  applicationRetry,
  resourceTracking,
  ports,
  remoteSources,
  upstreamRevisions,
  projectLimits,
  rootWave,
  statefulApplications,
  imageVersions,
  issuersApart,
  leaderElection,
  startupCheck,
  longhornDeletion,
  longhornMetrics,
  longhornTaints,
  storageClasses,
  backupTargets,
  longhornSettings,
  engineUpgrade,
  recurringJobs,
  gpuPlacement,
  condorAuthorization,
  signingKeys,
  mapFiles,
  hubSettings,
  hubRestart,
  hubRole,
  profileGpus,
  sparkExecutors,
  notebookRights,
  defaultDeny,
  openPolicies,
  flows,
  selectors,
  servicePorts,
  references,
  serviceMonitors,
  secretValues,
  images,
  hardening,
  jobContainers,
  serviceAccounts,
];

/** Known failures of the field that no check on generated objects can see, and what looks after them instead. */
export const NOT_CHECKED: Readonly<Record<string, string>> = {
  'AF-ARGO-20':
    'Order between Applications cannot be seen in one state of dist: no test relies on it, and the upgrade runbook lets the definitions in before the controller.',
  'AF-ARGO-25':
    'No service account of ours needs annotations of a cloud platform; one that does states them in dist, where server-side apply keeps them.',
  'AF-LH-29':
    'Whether a node has iSCSI and NFS tools cannot be seen in YAML: docs/admin/nodes.md lists them.',
};
