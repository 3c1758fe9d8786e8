import type { DaemonMethod } from './release';

/** What all daemons of a pool know of it. */
export interface Pool {
  /** Name that tools show. */
  readonly name: string;
  /** Domain of every identity in the pool. */
  readonly trustDomain: string;
  /** DNS domain of the cluster, `cluster.local`. */
  readonly clusterDomain: string;
  readonly method: DaemonMethod;
}
