import type { NeededSecret } from '../kubernetes/needed-secret';
import { NAMESPACE, SECRET_KEYS } from './release';

/** The Secret of the hub, which an admin makes. */
export function hubSecret(name: string): NeededSecret {
  const purposes = Object.entries(SECRET_KEYS).map(([key, purpose]) => `${key}: ${purpose}`);
  return {
    namespace: NAMESPACE,
    name,
    keys: Object.keys(SECRET_KEYS),
    purpose: `Lets the hub work (docs/admin/jupyterhub.md). ${purposes.join('; ')}.`,
  };
}
