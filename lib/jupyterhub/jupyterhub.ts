import { Construct } from 'constructs';
import type { ClusterNetwork } from '../kubernetes/cluster';
import type { Resources } from '../kubernetes/resources';
import { EntranceObjects, type Entrance } from './entrance';
import { Hub, type HubProps } from './hub';
import { NotebookFiles, type NotebookFilesProps } from './notebook-files';
import { NetworkPolicies, type NetworkPoliciesProps } from './network-policies';
import { Proxy } from './proxy';
import { Rbac } from './rbac';
import { SharedVolumes, type SharedClaim } from './shared-volumes';

export interface JupyterHubProps {
  readonly hub: HubProps;
  readonly proxy: { readonly resources: Resources };
  readonly entrance: Entrance;
  readonly cluster: ClusterNetwork;
  /** Who reaches whom, besides what follows from cluster and entrance. */
  readonly network: Omit<NetworkPoliciesProps, 'cluster' | 'entrance' | 'pool'>;
  /** What notebooks mount, besides what follows from the pool. */
  readonly notebookFiles: Omit<NotebookFilesProps, 'pool'>;
  readonly sharedClaims: readonly SharedClaim[];
}

/**
 * JupyterHub: hub, proxy, entrance, and what is there for the pods of users before any of them runs.
 *
 * Equal to Zero to JupyterHub where that has an object, without Helm and without anything random: all secrets are in
 * one Secret that an admin makes.
 *
 * @see https://z2jh.jupyter.org/
 */
export class JupyterHub extends Construct {
  constructor(scope: Construct, id: string, props: JupyterHubProps) {
    super(scope, id);
    const { hub, proxy, entrance, cluster, network } = props;
    const { secret, coreNodes, imagePullSecrets, configuration } = hub;
    const pool = configuration.pool ? { pool: configuration.pool } : {};

    new Rbac(this, 'rbac');
    new NetworkPolicies(this, 'network-policies', { cluster, entrance, ...network, ...pool });
    new NotebookFiles(this, 'notebook-files', { ...props.notebookFiles, ...pool });
    new SharedVolumes(this, 'shared-volumes', props.sharedClaims);
    new Proxy(this, 'proxy', {
      secret,
      coreNodes,
      imagePullSecrets,
      resources: proxy.resources,
      ...(entrance.kind === 'nodePort' ? { nodePort: entrance.port } : {}),
    });
    new Hub(this, 'hub', hub);
    new EntranceObjects(this, 'entrance', entrance);
  }
}
