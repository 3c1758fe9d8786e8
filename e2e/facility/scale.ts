import { runCell } from './cells';
import type { Person } from './people';

/** Seconds that workers or executors may take to come. */
const PATIENCE = 240;

/** What came of a computation on many hosts. */
export interface Scaled {
  /** From the call until all of them were there. */
  readonly seconds: number;
  /** Where it was computed. */
  readonly hosts: readonly string[];
  readonly sum: number;
  readonly notebook: string;
}

/** Starts workers of Dask in the pool, and computes on them. */
export const workersOf = (person: Person, workers: number) =>
  runCell<Scaled>(person, 'dask_workers', { DASK: { workers, wait: PATIENCE } });

/** Starts executors of Spark, and computes on them. */
export const sessionOf = (person: Person, executors: number) =>
  runCell<Scaled>(person, 'spark_executors', { SPARK: { executors, wait: PATIENCE } });
