/**
 * `npm run bench [-- <some> <many>]`: what synthesis costs, for one site, some (100) and many (1000), measured one after the other.
 *
 * Seconds depend on the machine; the ratio in the last line does not. Above 1.2 it fails: something grows faster than
 * the number of sites.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const root = path.join(__dirname, '..');
const MODEL = 'two-experiments';
const LIMIT = 1.2;

/** As Node gives it: microseconds, and kilobytes at the peak. */
const Usage = z.object({ userCPUTime: z.number(), systemCPUTime: z.number(), maxRSS: z.number() });

interface Figures {
  readonly sites: number;
  /** Seconds in all. */
  readonly wall: number;
  /** Seconds of processor time in all. */
  readonly cpu: number;
  /** MiB at the peak. */
  readonly memory: number;
}

function measure(sites: number): Figures {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const model = readFileSync(path.join(root, 'sites', MODEL, 'site.yaml'), 'utf8');
    for (let index = 0; index < sites; index++) {
      const name = `site-${String(index)}`;
      mkdirSync(path.join(folder, 'sites', name), { recursive: true });
      writeFileSync(
        path.join(folder, 'sites', name, 'site.yaml'),
        model.replace(`name: ${MODEL}`, `name: ${name}`),
      );
    }
    const usage = path.join(folder, 'usage.json');
    cpSync(path.join(root, 'scripts', 'usage.cjs'), path.join(folder, 'usage.cjs'));
    const program = [
      path.join(root, 'node_modules', 'ts-node', 'dist', 'bin.js'),
      path.join(root, 'main.ts'),
      'synth',
    ];
    const start = process.hrtime.bigint();
    execFileSync(process.execPath, ['--require', path.join(folder, 'usage.cjs'), ...program], {
      cwd: folder,
      env: { ...process.env, USAGE_FILE: usage },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const wall = Number(process.hrtime.bigint() - start) / 1e9;
    const { userCPUTime, systemCPUTime, maxRSS } = Usage.parse(JSON.parse(readFileSync(usage, 'utf8')));
    return { sites, wall, cpu: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [some = 100, many = 1000] = process.argv.slice(2).map(Number);
if (![some, many].every(Number.isInteger) || some < 2 || many <= some) {
  console.error(
    'bench: expected two numbers of sites, at least 2, the smaller one first, as in: npm run bench -- 30 300',
  );
  process.exit(2);
}

console.log('sites   wall s   wall s/site   cpu s   cpu ms/site   peak MiB   peak MiB/site');
const measured = [1, some, many].map((sites) => {
  const figures = measure(sites);
  const { wall, cpu, memory } = figures;
  const cells: [number, number, number][] = [
    [wall, 2, 9],
    [wall / sites, 3, 14],
    [cpu, 2, 8],
    [(cpu / sites) * 1000, 1, 14],
    [memory, 0, 11],
    [memory / sites, 2, 16],
  ];
  console.log(
    String(sites).padStart(5) +
      cells.map(([value, digits, width]) => value.toFixed(digits).padStart(width)).join(''),
  );
  return figures;
});

// What the first site costs is mostly the start of the program.
const first = measured[0]?.cpu ?? NaN;
const [ofSome = NaN, ofMany = NaN] = measured.slice(1).map(({ cpu, sites }) => (cpu - first) / (sites - 1));
const ratio = ofMany / ofSome;
console.log(
  `cpu for one more site of ${String(many)} is ${ratio.toFixed(2)} times that of ${String(some)} (at most ${String(LIMIT)})`,
);
process.exitCode = ratio <= LIMIT ? 0 : 1;
