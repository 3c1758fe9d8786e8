/** How long things took, printed when the suite has ended. */
const figures: string[] = [];

export function note(what: string, seconds: number): void {
  figures.push(`${what}: ${seconds.toFixed(1)} s`);
}

/** Seconds since the clock was started. */
export function clock(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
}

export function sayFigures(title: string): void {
  process.stderr.write(`${title}\n${figures.map((line) => `  ${line}\n`).join('')}`);
  figures.length = 0;
}
