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
import type { Build } from './versions';

/** The first Go that fetches the toolchain a module asks for. */
const OLDEST_GO = 21;

const Download = z.object({ GoMod: z.string(), Dir: z.string() });

/** Builds every program that is not there yet in its version: two modules at once, as one loads or links while another compiles. */
export async function buildPrograms(builds: readonly Build[], say: (text: string) => void): Promise<void> {
  const missing = builds.filter((build) => !isBuilt(build));
  if (missing.length > 0) requireGo();
  const work = async () => {
    for (let build = missing.shift(); build; build = missing.shift()) {
      const start = process.hrtime.bigint();
      const names = `${Object.keys(build.programs).join(', ')} ${build.version}`;
      say(`building ${names}; the first time takes minutes`);
      await buildOne(build);
      say(`built ${names} in ${String((process.hrtime.bigint() - start) / 1_000_000_000n)} s`);
    }
  };
  await Promise.all([work(), work()]);
}

export function isBuilt(build: Build): boolean {
  return [stamp(build), ...Object.keys(build.programs).map((program) => path.join(BIN, program))].every(
    existsSync,
  );
}

/** Written last: a build that was killed is done again, and so is one of which anything has changed. */
function stamp(build: Build): string {
  const { rewrite, own, ...rest } = build;
  const hash = createHash('sha256').update(JSON.stringify([rest, rewrite.map(String), own]));
  if (own)
    for (const file of sources(own.folder))
      hash.update(path.relative(__dirname, file)).update(readFileSync(file));
  return path.join(BIN, `.${folderName(build)}-${build.version}-${hash.digest('hex').slice(0, 12)}`);
}

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(__dirname, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** One folder for each build, for the Go module that it is done in. */
function folderName({ module, own }: Build): string {
  return (own?.name ?? module).replaceAll('/', '_');
}

/** Where definitions of a module are kept. */
export const definitionsOf = (module: string) => cacheFolder('definitions', module.replaceAll('/', '_'));

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

/**
 * `go install module@version` refuses a module whose go.mod replaces others by folders. So the module's own go.mod,
 * and with it the versions that upstream has tried, becomes that of a module of ours.
 */
async function buildOne(build: Build): Promise<void> {
  const done = stamp(build);
  const folder = cacheFolder('src', folderName(build));
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const required = Object.entries({ [build.module]: build.version, ...build.own?.requires });
  const download = async ([module, version]: readonly [string, string]) =>
    Download.parse(JSON.parse(await go(folder, ['mod', 'download', '-json', `${module}@${version}`])));
  const [downloaded, ...others] = await Promise.all(required.map(download));
  if (!downloaded) return;
  const name = build.own?.name ?? 'e2e.local/build';
  const upstream = readFileSync(downloaded.GoMod, 'utf8').replace(/^module .*/m, `module ${name}`);
  const rewritten = build.rewrite.reduce((text, [pattern, by]) => text.replace(pattern, by), upstream);
  const lines = required.map(([module, version]) => `require ${module} ${version}\n`);
  writeFileSync(path.join(folder, 'go.mod'), `${rewritten}\n${lines.join('')}`);
  const sums = [downloaded, ...others].flatMap(({ Dir }) =>
    readFileSync(path.join(Dir, 'go.sum'), 'utf8').split('\n'),
  );
  writeFileSync(path.join(folder, 'go.sum'), `${[...new Set(sums)].filter(Boolean).join('\n')}\n`);
  if (build.own) cpSync(path.join(__dirname, build.own.folder), folder, { recursive: true });

  const variables = Object.entries(build.variables).map(([name, value]) => `-X ${name}=${value}`);
  for (const [program, source] of Object.entries(build.programs)) {
    const half = path.join(BIN, `${program}.half`);
    await go(folder, [
      'build',
      '-mod=mod',
      '-trimpath',
      // What the linker drops (-s -w) need not be made.
      '-gcflags=all=-dwarf=false',
      '-ldflags',
      ['-s', '-w', ...variables].join(' '),
      '-o',
      half,
      source,
    ]);
    renameSync(half, path.join(BIN, program));
  }
  for (const script of build.scripts ?? []) {
    const copy = path.join(BIN, path.basename(script));
    writeFileSync(copy, readFileSync(path.join(downloaded.Dir, script)), { mode: 0o755 });
  }
  if (build.definitions) {
    const { module, folder: from } = build.definitions;
    const modules = (await go(folder, ['list', '-mod=mod', '-m', '-f', '{{.Dir}}', module])).trim();
    cpSync(path.join(modules, from), definitionsOf(module), { recursive: true });
  }
  for (const [name, program] of Object.entries(build.links ?? {})) {
    rmSync(path.join(BIN, name), { force: true });
    symlinkSync(program, path.join(BIN, name));
  }
  writeFileSync(done, '');
}

/** @throws Error with what Go says */
async function go(folder: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...GO_ENV, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' };
  const { stdout } = await promisify(execFile)('go', args, { cwd: folder, env, maxBuffer: 2 ** 28 });
  return stdout;
}
