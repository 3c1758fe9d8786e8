import { labelsAt } from './read';

const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/**
 * Argo CD applies what is in a lower wave first, and goes on when it is healthy; what says nothing is in wave 0.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function wave(number: number): Record<string, string> {
  return { [SYNC_WAVE]: String(number) };
}

/** The wave that an object is in. */
export function waveOf(object: unknown): number {
  return Number(labelsAt(object, 'metadata', 'annotations')[SYNC_WAVE] ?? 0);
}
