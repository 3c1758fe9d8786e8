import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inPod, waitFor } from '../cluster/suite';
import type { Container } from '../jupyterhub/pods';

/** What a session has said of its work. */
const Work = z.object({
  sum: z.number(),
  /** Names of the pods in which it was computed. */
  hosts: z.array(z.string()).min(1),
  /** Seconds until the session was there, and until both executors were. */
  session: z.number(),
  executors: z.number(),
  port: z.string(),
});
export type Work = z.infer<typeof Work>;

/** Of the numbers that a session adds up. */
export const SUM = (100_000 * 99_999) / 2;

/** Settings of a session that a user makes beside those of the notebook. */
export type Settings = Readonly<Record<string, string | number>>;

/** A session that keeps its two executors. */
const KEEPS: Settings = { 'spark.dynamicAllocation.minExecutors': 2 };

/** A session that starts with two executors, which leave when they have done nothing for a while. */
export const LETS_GO: Settings = {
  'spark.dynamicAllocation.initialExecutors': 2,
  'spark.dynamicAllocation.executorIdleTimeout': '15s',
  'spark.dynamicAllocation.shuffleTracking.timeout': '15s',
};

/**
 * A cell of a notebook: a session of two executors adds up numbers, by key, so that data goes from one executor to the
 * other. It prints one line, which {@link workIn} reads, and leaves `spark`.
 */
export const sumCell = (settings: Settings = KEEPS) => `import json, time
from operator import add
from pyspark.sql import SparkSession
began = time.monotonic()
spark = SparkSession.builder.config(map=${JSON.stringify(settings)}).getOrCreate()
context = spark.sparkContext
session = time.monotonic() - began
while context._jsc.sc().getExecutorMemoryStatus().size() < 3:
    time.sleep(0.2)
executors = time.monotonic() - began
def place(numbers):
    import socket, time
    time.sleep(1)
    host = socket.gethostname()
    return [((host, number % 7), number) for number in numbers]
parts = context.parallelize(range(100_000), 4).mapPartitions(place).reduceByKey(add, 4).collect()
print(json.dumps({"sum": sum(each for _, each in parts), "hosts": sorted({host for (host, _), _ in parts}),
    "session": session, "executors": executors, "port": context.getConf().get("spark.driver.port")}), flush=True)
`;

/** A cell that ends the session of the one above. */
export const STOP_CELL = 'spark.stop()\n';

/** Blocks of Python in a page of the user guide, in their order. */
export function blocksOf(page: string): readonly string[] {
  const text = readFileSync(path.join(__dirname, '..', '..', 'docs', 'user', page), 'utf8');
  return [...text.matchAll(/^```python\n([^`]+)^```$/gm)].map(([, block = '']) => block);
}

/** Reads what {@link sumCell} has printed. */
export function workIn(text: string): Work {
  // A line of Spark's own, the bar that shows progress, may be in front of it.
  const found = /\{"sum".*\}/.exec(text);
  if (!found) throw new Error(`the session has computed nothing:\n${text.slice(-3000)}`);
  return Work.parse(JSON.parse(found[0]));
}

/** A session in a notebook, as a program of its own. */
export interface Session {
  /** What it has computed; waits for it. */
  work(): Promise<Work>;
  /** Ends it as a user does, and gives all that its driver has said. */
  stop(): Promise<string>;
  /** Ends its processes at once. */
  kill(): void;
}

/** @param name of the session, once in a notebook */
export function startSession(
  { namespace, pod, container }: Container,
  name: string,
  settings?: Settings,
): Session {
  const shell = (script: string) => inPod(namespace, pod, container, ['sh', '-c', script]);
  const must = (script: string) => {
    const { status, out, err } = shell(script);
    if (status !== 0) throw new Error(`${pod}: ${script}\n${out}${err}`);
    return out;
  };
  const [program, log, end] = ['py', 'log', 'end'].map((ending) => `/tmp/${name}.${ending}`);
  const text = `${sumCell(settings)}import os
while not os.path.exists("${String(end)}"):
    time.sleep(0.2)
${STOP_CELL}print("stopped", flush=True)
`;
  must(`cat > ${String(program)} <<'PROGRAM'
${text}PROGRAM
setsid python3 ${String(program)} > ${String(log)} 2>&1 < /dev/null &`);
  const said = () => must(`cat ${String(log)}`);
  const running = () => shell(`pgrep -f '^python3 ${String(program)}'`).status === 0;
  const until = (what: string, seconds: number, word: string) =>
    waitFor(`${name} ${what}`, seconds, () => {
      const now = said();
      if (now.includes(word)) return [];
      if (!running()) throw new Error(`${name} has ended:\n${now.slice(-3000)}`);
      return [now.slice(-3000)];
    });
  return {
    async work() {
      await until('computes', 240, '{"sum"');
      return workIn(said());
    },
    async stop() {
      must(`touch ${String(end)}`);
      await until('stops', 60, 'stopped');
      return said();
    },
    kill() {
      // The JVM is a child, and does not carry the name of the program.
      must(`pkill -KILL java; pkill -KILL -f '^python3 ${String(program)}'; true`);
    },
  };
}
