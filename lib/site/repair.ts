/** A mistake that people make in a line of YAML, and the line without it. */
export interface Repair {
  /** The line; undefined where it must go. */
  readonly text: string | undefined;
  readonly expected: string;
  readonly got: string;
  /** Counted from 1. */
  readonly column: number;
  /** Whether something that the admin said is lost. */
  readonly loss?: boolean;
}
