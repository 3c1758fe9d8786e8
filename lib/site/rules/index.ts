import type { SiteRule } from '../rule';
import { accountingShares } from './accounting-shares';
import { addresses, nodeAddresses } from './addresses';
import { backupJobs } from './backup-jobs';
import { certificateSolvers } from './certificate-solvers';
import { condorReferences } from './condor-references';
import { daskNeeds, daskPools, executeImages } from './dask-pools';
import { experimentGroups } from './experiment-groups';
import { gpuDeclared } from './gpu-declared';
import { gpuSharing } from './gpu-sharing';
import { gpuSlots } from './gpu-slots';
import { gpuTaints } from './gpu-taints';
import { groupsFitTogether } from './groups-of-workers';
import { hostNames } from './host-names';
import { hubCertificate } from './hub-certificate';
import { hubEntrance } from './hub-entrance';
import { allowList, callbackHost, hubLogin, loginScopes } from './hub-login';
import {
  defaultProfile,
  imagePatterns,
  profileExperiments,
  profileGuarantees,
  profilesFit,
} from './hub-profiles';
import { hubNodes, hubReferences } from './hub-references';
import { hubHomes, hubMemory, mountPaths } from './hub-storage';
import { idleTimeout } from './idle-timeout';
import { issuerNames } from './issuer-names';
import { issuerSecrets, solverKeys } from './issuer-secrets';
import { backupTarget, jobRetention } from './longhorn-backup';
import { classNames, oneDefaultClass } from './longhorn-classes';
import { engineUpgrades, longhornSettings } from './longhorn-settings';
import { longhornUpgrade } from './longhorn-upgrade';
import { maintenanceWindows } from './maintenance-windows';
import { migCards } from './mig-cards';
import { memoryLimits } from './memory-limits';
import { namespacesApart } from './namespaces-apart';
import { networkOverlap } from './network-overlap';
import { nodePorts } from './node-ports';
import { outsideAccess } from './outside-access';
import { outsideNetworks, podsNotOpened } from './outside-networks';
import { plainGroups } from './plain-groups';
import { experimentNames, outsideIdentity } from './outside-identity';
import { ipv4Pool } from './ipv4-pool';
import { labelsApart } from './pool-labels';
import { poolReferences } from './pool-references';
import { profileGpuPools, profileGpuResources } from './profile-gpus';
import { scaleRange } from './scale-range';
import { slotFitsNode, workersFit } from './slot-size';
import { seccompProfiles } from './seccomp-profiles';
import { sparkImages, sparkNeedsHub, sparkReferences } from './spark-references';
import { executorFitsNode, limitsFitExecutor, limitsFitNodes } from './spark-size';
import { storageCapacity } from './storage-capacity';
import { needsStorageNodes, oneDiskPath, replicasFit, spoolSurvives } from './storage-nodes';
import { storageReferences } from './storage-references';
import { storageRoles } from './storage-roles';
import { distinctTaints, tolerableTaints } from './taints';
import { timeZone } from './time-zone';
import { tokenIssuers } from './token-issuers';
import { uniqueNames } from './unique-names';
import { userScheduler } from './user-scheduler';
import { accessModes, dataKept } from './volume-classes';

/** Every rule between fields. */
export const SITE_RULES: readonly SiteRule[] = [
  // The site and what is named in it.
  timeZone,
  maintenanceWindows,
  uniqueNames,
  poolReferences,
  namespacesApart,
  storageRoles,
  storageReferences,
  tokenIssuers,
  experimentGroups,
  // Nodes.
  labelsApart,
  distinctTaints,
  gpuTaints,
  gpuDeclared,
  gpuSharing,
  migCards,
  // Networks and certificates.
  networkOverlap,
  outsideNetworks,
  podsNotOpened,
  addresses,
  nodeAddresses,
  nodePorts,
  hubEntrance,
  hostNames,
  certificateSolvers,
  issuerNames,
  issuerSecrets,
  solverKeys,
  memoryLimits,
  // Storage.
  needsStorageNodes,
  replicasFit,
  spoolSurvives,
  oneDiskPath,
  storageCapacity,
  accessModes,
  dataKept,
  classNames,
  oneDefaultClass,
  tolerableTaints,
  longhornSettings,
  engineUpgrades,
  longhornUpgrade,
  backupTarget,
  backupJobs,
  jobRetention,
  // HTCondor.
  ipv4Pool,
  scaleRange,
  idleTimeout,
  outsideAccess,
  outsideIdentity,
  experimentNames,
  condorReferences,
  accountingShares,
  plainGroups,
  gpuSlots,
  seccompProfiles,
  slotFitsNode,
  workersFit,
  groupsFitTogether,
  // JupyterHub.
  hubLogin,
  allowList,
  callbackHost,
  loginScopes,
  hubReferences,
  hubNodes,
  hubCertificate,
  profileGuarantees,
  defaultProfile,
  imagePatterns,
  profilesFit,
  profileExperiments,
  profileGpuPools,
  profileGpuResources,
  hubHomes,
  mountPaths,
  hubMemory,
  userScheduler,
  // Both together.
  executeImages,
  daskNeeds,
  daskPools,
  // Spark.
  sparkNeedsHub,
  sparkImages,
  sparkReferences,
  executorFitsNode,
  limitsFitExecutor,
  limitsFitNodes,
];
