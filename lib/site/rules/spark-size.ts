import type { Finding, Fix, Path } from '../problem';
import type { SiteRule } from '../rule';
import type { Site } from '../schema';
import type { NodePool } from '../schema/node-pools';
import type { Spark } from '../schema/spark';

const GI = 1024 ** 3;

/** What an executor has at least, by the schema: nodes with less of it are none for Spark. */
const LEAST = { cores: 1000, memory: GI, disk: 1024 ** 2 } as const;

/** An amount of something, in its smallest unit and as the file says it. */
interface Amount {
  readonly key: keyof typeof LEAST;
  readonly units: number;
  readonly text: string;
}

function poolsOf({ pools }: Spark, nodePools: readonly NodePool[]): readonly NodePool[] {
  return nodePools.filter(({ name }) => pools.includes(name));
}

function sizeOf({ executor }: Spark): readonly Amount[] {
  return [
    { key: 'cores', units: executor.cores * 1000, text: String(executor.cores) },
    { key: 'memory', units: executor.memory.bytes, text: executor.memory.text },
    { key: 'disk', units: executor.disk.bytes, text: executor.disk.text },
  ];
}

/** What a node has of it; no bound where the site states none. */
function offered({ allocatable }: NodePool, key: string): number {
  if (key === 'cores') return allocatable.cpu.millicores;
  if (key === 'memory') return allocatable.memory.bytes;
  return allocatable['ephemeral-storage']?.bytes ?? Infinity;
}

/** As it may stand in the file, rounded down. */
function written(key: string, units: number): string | number {
  if (key === 'cores') return Math.floor(units / 1000);
  return units >= GI ? `${String(Math.floor(units / GI))}Gi` : `${String(Math.floor(units / 1024 ** 2))}Mi`;
}

export const executorFitsNode: SiteRule = {
  id: 'AF-CAP-12',
  why: 'An executor that is larger than every node of its pools stays Pending for ever, and the session waits.',
  check({ nodePools, spark }) {
    if (!spark) return [];
    const pools = poolsOf(spark, nodePools);
    const size = sizeOf(spark);
    const misses = (pool: NodePool) => size.filter(({ key, units }) => units > offered(pool, key));
    // What is no pool at all is told so by AF-REF-23.
    if (pools.length === 0 || pools.some((pool) => misses(pool).length === 0)) return [];
    const [nearest] = [...pools].sort((a, b) => misses(a).length - misses(b).length);
    if (!nearest) return [];
    return misses(nearest).map(({ key, text }): Finding => {
      const path = ['spark', 'executor', key];
      const room = offered(nearest, key);
      const value = written(key, room);
      const expected = `at most what a node of ${nearest.name} offers, ${key === 'cores' ? String(room / 1000) : String(value)}`;
      const fix: Fix = room < LEAST[key] ? { kind: 'remove', path: ['spark'] } : { kind: 'set', path, value };
      return { path, expected, got: text, fix };
    });
  },
};

/** Amounts of which an experiment has a limit, beside what one executor and all nodes have of them. */
function amounts(
  spark: Spark,
  nodePools: readonly NodePool[],
  limits: Spark['experiments'][number]['limits'],
) {
  const pools = poolsOf(spark, nodePools);
  const all = (key: string) => pools.reduce((sum, pool) => sum + pool.count * offered(pool, key), 0);
  return [
    { key: 'cores', limit: limits.cores.millicores, text: limits.cores.text },
    { key: 'memory', limit: limits.memory.bytes, text: limits.memory.text },
  ].map((each) => ({
    ...each,
    one: sizeOf(spark).find(({ key }) => key === each.key)?.units ?? 0,
    all: all(each.key),
  }));
}

/** Findings of each amount of each experiment. */
function ofEach(
  { nodePools, spark }: Pick<Site, 'nodePools' | 'spark'>,
  find: (amount: ReturnType<typeof amounts>[number], path: Path, name: string) => Finding[],
): Finding[] {
  if (!spark) return [];
  return spark.experiments.flatMap(({ name, limits }, index) =>
    amounts(spark, nodePools, limits).flatMap((amount) =>
      find(amount, ['spark', 'experiments', index, 'limits', amount.key], name),
    ),
  );
}

export const limitsFitExecutor: SiteRule = {
  id: 'AF-CAP-13',
  why: 'An experiment whose limit is below one executor never gets any: each is refused, again and again.',
  check: (site) =>
    ofEach(site, ({ key, limit, text, one }, path, name): Finding[] => {
      if (limit >= one) return [];
      const value = key === 'cores' ? Math.ceil(one / 1000) : `${String(Math.ceil(one / GI))}Gi`;
      const expected = `at least one executor of ${name}, ${String(value)}`;
      return [{ path, expected, got: text, fix: { kind: 'set', path, value } }];
    }),
};

export const limitsFitNodes: SiteRule = {
  id: 'AF-CAP-14',
  why: 'A limit above what the nodes have limits nothing: pods that never start fill the pool, in front of others.',
  check(site) {
    const pools = site.spark?.pools ?? [];
    // Of a pool that is not there AF-REF-23 speaks, and of an executor that fits nowhere AF-CAP-12.
    if (!pools.every((pool) => site.nodePools.some(({ name }) => name === pool))) return [];
    return ofEach(site, ({ key, limit, text, all, one }, path): Finding[] => {
      if (limit <= all || one > all) return [];
      const value = written(key, all);
      const expected = `at most what the nodes of ${pools.join(', ')} have, ${String(value)}`;
      return [{ path, expected, got: text, fix: { kind: 'set', path, value } }];
    });
  },
};
