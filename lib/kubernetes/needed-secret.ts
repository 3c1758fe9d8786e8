/** A Secret that must be in the cluster before the component works; its values are never in git. */
export interface NeededSecret {
  readonly namespace: string;
  readonly name: string;
  readonly keys: readonly string[];
  /** One sentence for the admin: who reads it and why. */
  readonly purpose: string;
}
