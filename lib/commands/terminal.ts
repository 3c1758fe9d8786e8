/** Where a command says something. */
export interface Terminal {
  readonly say: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Replaces the last line on a terminal; nothing where the output is a file. */
  readonly progress: (text: string) => void;
}

/** What a command returns to the shell: 0 clean, 1 problems or drift, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;
