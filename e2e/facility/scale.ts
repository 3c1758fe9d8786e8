import { programOf, runCell } from './cells';
import { jobFromNotebook, type NotebookJob } from './jobs';
import type { Person } from './people';

/** Of the image in which workers run. */
const PYTHON = '/opt/dask/bin/python3';
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

interface Scheduler {
  readonly host: string;
  readonly port: number;
}

/** Starts a scheduler of Dask that runs until the notebook is stopped. */
export const openScheduler = (person: Person) => runCell<Scheduler>(person, 'dask_open', {});

/** Calls a scheduler from a job of somebody: the image of workers has Dask, and no certificate of this notebook. */
export const intrude = (person: Person, { host, port }: Scheduler): Promise<NotebookJob> =>
  jobFromNotebook(
    person,
    `${PYTHON} - <<'END'\nHOST, PORT = ${JSON.stringify(host)}, ${String(port)}\n${programOf('dask_intruder')}END`,
    '512MB',
  );

/** Starts executors of Spark, and computes on them. */
export const sessionOf = (person: Person, executors: number) =>
  runCell<Scaled>(person, 'spark_executors', { SPARK: { executors, wait: PATIENCE } });
