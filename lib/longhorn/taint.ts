/**
 * A taint of nodes on which volumes are mounted.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export interface Taint {
  readonly key: string;
  /** @default the taint has no value, and the toleration matches every value */
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Each taint once: several groups of nodes often carry the same one. */
export function distinctTaints(taints: readonly Taint[]): Taint[] {
  return [...new Map(taints.map((taint) => [taintText(taint), taint])).values()];
}

/**
 * Text of Longhorn's setting `taint-toleration`, which is for the pods that Longhorn itself creates.
 *
 * @see https://longhorn.io/docs/1.12.1/advanced-resources/deploy/taint-toleration/
 */
export function taintTolerationText(taints: readonly Taint[]): string {
  return distinctTaints(taints).map(taintText).join(';');
}

function taintText({ key, value, effect }: Taint): string {
  return value === undefined ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}
