import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { BIN, cacheFolder, GO_ENV } from './cache';
import type { Build, ModuleGraph } from './versions';

/** The first Go that fetches the toolchain a module asks for. */
const OLDEST_GO = 21;

const Download = z.object({ GoMod: z.string(), Dir: z.string() });

/** Builds every program that is not there yet in its version, those of a graph at once. */
export async function buildPrograms(builds: readonly Build[], say: (text: string) => void): Promise<void> {
  const missing = builds.filter((build) => !isBuilt(build));
  if (missing.length > 0) requireGo();
  for (const graph of new Set(missing.map((build) => build.graph))) {
    const start = process.hrtime.bigint();
    const together = missing.filter((build) => build.graph === graph);
    const names = together.flatMap(({ programs }) => Object.keys(programs)).join(', ');
    say(`building ${names}; the first time takes minutes`);
    await buildTogether(graph, together);
    say(`built ${names} in ${String((process.hrtime.bigint() - start) / 1_000_000_000n)} s`);
  }
}

export function isBuilt(build: Build): boolean {
  return [stamp(build), ...Object.keys(build.programs).map((program) => path.join(BIN, program))].every(
    existsSync,
  );
}

/** Written last: a build that was killed is done again, and so is one of which anything has changed. */
function stamp({ graph, ...build }: Build): string {
  const { rewrite, ...rest } = graph;
  const hash = createHash('sha256').update(JSON.stringify([build, rest, rewrite.map(String)]));
  for (const source of Object.values(build.programs).filter(isOurs))
    for (const file of files(path.join(OURS, source)))
      hash.update(path.relative(OURS, file)).update(readFileSync(file));
  const [first = ''] = Object.keys(build.programs);
  return path.join(BIN, `.${first}-${hash.digest('hex').slice(0, 12)}`);
}

const OURS = path.join(__dirname, 'go');

const isOurs = (source: string) => source.startsWith('./');

function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

const folderName = (module: string) => module.replaceAll('/', '_');

/** Where definitions of a module are kept. */
export const definitionsOf = (module: string) => cacheFolder('definitions', folderName(module));

function requireGo(): void {
  let found = 'none';
  try {
    found = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
  } catch {
    // reported below
  }
  if (Number(/^go1\.(\d+)/.exec(found)?.[1] ?? 0) >= OLDEST_GO) return;
  throw new Error(
    `The cluster is built from Go modules: Go 1.${String(OLDEST_GO)} or newer is needed, found: ${found}`,
  );
}

/** `go install module@version` refuses a module whose go.mod replaces others by folders, and knows no graph of several modules. */
async function buildTogether(graph: ModuleGraph, builds: readonly Build[]): Promise<void> {
  const folder = cacheFolder('src', folderName(graph.name));
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const modules = await writeModule(folder, graph);
  cpSync(OURS, folder, { recursive: true });

  const variables = Object.entries(graph.variables).map(([name, value]) => `-X ${name}=${value}`);
  const programs = builds.flatMap((build) => Object.entries(build.programs));
  const half = path.join(folder, 'half');
  await go(folder, [
    'build',
    '-mod=mod',
    '-trimpath',
    // What the linker drops (-s -w) need not be made.
    '-gcflags=all=-dwarf=false',
    '-ldflags',
    ['-s', '-w', ...variables].join(' '),
    '-o',
    `${half}/`,
    ...programs.map(([, source]) => source),
  ]);
  for (const [program, source] of programs)
    renameSync(path.join(half, nameByGo(source)), path.join(BIN, program));
  for (const build of builds) await finish(build, folder, modules);
}

/** What `go build` calls the program of a package. */
function nameByGo(source: string): string {
  const steps = source.split('/').filter((step) => !/^v\d+$/.test(step));
  return steps.at(-1) ?? '';
}

type Modules = ReadonlyMap<string, z.infer<typeof Download>>;

/** The go.mod and go.sum of a graph; gives where its modules are. */
async function writeModule(folder: string, graph: ModuleGraph): Promise<Modules> {
  const downloads = Object.entries(graph.modules).map(async ([module, version]) => {
    const answer = await go(folder, ['mod', 'download', '-json', `${module}@${version}`]);
    return [module, Download.parse(JSON.parse(answer))] as const;
  });
  const modules = new Map(await Promise.all(downloads));
  const [first] = modules.values();
  const upstream = readFileSync(first?.GoMod ?? '', 'utf8').replace(/^module .*/m, `module ${graph.name}`);
  const rewritten = graph.rewrite.reduce((text, [pattern, by]) => text.replace(pattern, by), upstream);
  const named = [...rewritten.matchAll(/^\t(\S+) (v\S+)/gm)].map(([, module = '', version = '']) => [
    module,
    version,
  ]);
  const replaced = new Set([...rewritten.matchAll(/^\t(\S+) => /gm)].map(([, module]) => module));
  const held = named.filter(([module = '']) => !replaced.has(module) && !graph.newer.includes(module));
  const lines = [
    ...Object.entries(graph.modules).map(([module, version]) => `require ${module} ${version}`),
    ...[...held, ...Object.entries(graph.held)].map(
      ([module = '', version = '']) => `replace ${module} => ${module} ${version}`,
    ),
  ];
  writeFileSync(path.join(folder, 'go.mod'), `${rewritten}\n${lines.join('\n')}\n`);
  const sums = [...modules.values()].flatMap(({ Dir }) =>
    readFileSync(path.join(Dir, 'go.sum'), 'utf8').split('\n'),
  );
  writeFileSync(path.join(folder, 'go.sum'), `${[...new Set(sums)].filter(Boolean).join('\n')}\n`);
  return modules;
}

/** What a build is besides its programs, and at last its stamp. */
async function finish(build: Build, folder: string, modules: Modules): Promise<void> {
  const { scripts, definitions, links = {} } = build;
  for (const script of scripts?.files ?? []) {
    const source = path.join(modules.get(scripts?.module ?? '')?.Dir ?? '', script);
    writeFileSync(path.join(BIN, path.basename(script)), readFileSync(source), { mode: 0o755 });
  }
  if (definitions) {
    const list = ['list', '-mod=mod', '-m', '-f', '{{.Dir}}', definitions.module];
    const from = path.join((await go(folder, list)).trim(), definitions.folder);
    cpSync(from, definitionsOf(definitions.module), { recursive: true });
  }
  for (const [name, program] of Object.entries(links)) {
    rmSync(path.join(BIN, name), { force: true });
    symlinkSync(program, path.join(BIN, name));
  }
  writeFileSync(stamp(build), '');
}

/** @throws Error with what Go says */
async function go(folder: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...GO_ENV, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' };
  const { stdout } = await promisify(execFile)('go', args, { cwd: folder, env, maxBuffer: 2 ** 28 });
  return stdout;
}
