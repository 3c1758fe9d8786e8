/**
 * Keeps Argo CD from deleting an object, both when it leaves git and when its Application is deleted.
 *
 * One annotation holds both options: `Prune=false` alone does not protect against the second.
 *
 * @see https://github.com/argoproj/argo-cd/issues/9853
 */
export const PROTECTED = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } as const;

/** As {@link PROTECTED}, but an admin may confirm the deletion in Argo CD. */
export const CONFIRMED = { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' } as const;
