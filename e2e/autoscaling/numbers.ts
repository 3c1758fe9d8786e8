import { isFields, type Fields } from '../../lib/kubernetes/read';
import type { Bench } from '../htcondor/bench';
import { ads, must } from '../htcondor/pool';

/** One number, and of what. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const MEBIBYTE = 1024 ** 2;

/** The numbers of the pool as HTCondor's tools print them in its own pods, in the words of the exporter. */
export function ownNumbers({ pool }: Bench): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  const add = (name: string, value: number) => (numbers[name] = (numbers[name] ?? 0) + value);
  for (const { name } of pool.site.htcondor?.executePools ?? []) {
    const own = ads('Machine').filter((slot) => slot['ExecutePool'] === name);
    const claimed = own.filter((slot) => slot['State'] === 'Claimed');
    const sum = (slots: typeof own, unit: string) =>
      slots.reduce((total, slot) => total + Number(slot[unit] ?? 0), 0);
    add(`htcondor_workers ${name}`, new Set(own.map((slot) => slot['Machine'])).size);
    add(`htcondor_cpus ${name}`, sum(own, 'Cpus'));
    add(`htcondor_cpus_used ${name}`, sum(claimed, 'Cpus'));
    add(`htcondor_memory_bytes ${name}`, sum(own, 'Memory') * MEBIBYTE);
    add(`htcondor_memory_used_bytes ${name}`, sum(claimed, 'Memory') * MEBIBYTE);
    add(`htcondor_gpus ${name}`, sum(own, 'GPUs'));
    for (const slot of own)
      add(`htcondor_slots ${name} ${String(slot['SlotType'])} ${String(slot['State'])}`, 1);
  }
  const states = ['idle', 'running', 'removed', 'completed', 'held'];
  for (const line of must(pool.accessPoint, 'condor_q -allusers -af JobStatus Owner').trim().split('\n')) {
    const [status = '', owner = ''] = line.split(' ');
    if (owner !== '') add(`htcondor_jobs ${states[Number(status) - 1] ?? ''} ${owner}`, 1);
  }
  return numbers;
}

const SHOWN: Readonly<Record<string, readonly string[]>> = {
  htcondor_workers: ['pool'],
  htcondor_cpus: ['pool'],
  htcondor_cpus_used: ['pool'],
  htcondor_memory_bytes: ['pool'],
  htcondor_memory_used_bytes: ['pool'],
  htcondor_gpus: ['pool'],
  htcondor_slots: ['pool', 'type', 'state'],
  htcondor_jobs: ['state', 'owner'],
};

/** The same numbers, from what the exporter gives. */
export function exportedNumbers(text: string): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const { name, series } of samplesIn(text)) {
    const labels = SHOWN[name];
    if (!labels) continue;
    const key = [name, ...labels.map((label) => series.labels[label] ?? '')].join(' ');
    numbers[key] = (numbers[key] ?? 0) + series.value;
  }
  return numbers;
}

/** Samples of the text that an exporter gives. */
export function samplesIn(text: string): readonly { readonly name: string; readonly series: Series }[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
      key,
      text,
    ]);
    return [
      { name, series: { labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) } },
    ];
  });
}

/** Sum of the samples of a metric that have these labels; undefined where there is none. */
export function sumOf(
  samples: ReturnType<typeof samplesIn>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const own = samples.filter(
    (each) =>
      each.name === name && Object.entries(labels).every(([key, value]) => each.series.labels[key] === value),
  );
  return own.length === 0 ? undefined : own.reduce((sum, { series }) => sum + series.value, 0);
}

export function jsonIn(text: string): Fields {
  const value: unknown = JSON.parse(text);
  if (!isFields(value)) throw new Error(`not a mapping: ${text}`);
  return value;
}
