import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { BIN, cacheFolder } from './cache';
import type { Build } from './versions';

/** The first Go that fetches the toolchain a module asks for. */
const OLDEST_GO = 21;

const Download = z.object({ GoMod: z.string(), Dir: z.string() });

/** Builds every program that is not there yet in its version. */
export function buildPrograms(builds: readonly Build[], say: (text: string) => void): void {
  const missing = builds.filter((build) => !existsSync(stamp(build)));
  if (missing.length > 0) requireGo();
  for (const build of missing) {
    const start = process.hrtime.bigint();
    say(`building ${Object.keys(build.programs).join(', ')} ${build.version}; the first time takes minutes`);
    buildOne(build);
    say(`built in ${String((process.hrtime.bigint() - start) / 1_000_000_000n)} s`);
  }
}

/** Written last: a build that was killed is done again. */
function stamp({ module, version }: Build): string {
  return path.join(BIN, `.${folderName(module)}-${version}`);
}

function folderName(module: string): string {
  return module.replaceAll('/', '_');
}

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
function buildOne(build: Build): void {
  const folder = cacheFolder('src', folderName(build.module));
  for (const file of ['go.mod', 'go.sum']) rmSync(path.join(folder, file), { force: true });
  const downloaded = Download.parse(
    JSON.parse(go(folder, ['mod', 'download', '-json', `${build.module}@${build.version}`])),
  );
  const own = readFileSync(downloaded.GoMod, 'utf8').replace(/^module .*/m, 'module e2e.local/build');
  const rewritten = build.rewrite.reduce((text, [pattern, by]) => text.replace(pattern, by), own);
  writeFileSync(path.join(folder, 'go.mod'), `${rewritten}\nrequire ${build.module} ${build.version}\n`);
  writeFileSync(path.join(folder, 'go.sum'), readFileSync(path.join(downloaded.Dir, 'go.sum')));

  const variables = Object.entries(build.variables).map(([name, value]) => `-X ${name}=${value}`);
  for (const [program, source] of Object.entries(build.programs)) {
    const half = path.join(BIN, `${program}.half`);
    go(folder, [
      'build',
      '-mod=mod',
      '-trimpath',
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
  for (const [name, program] of Object.entries(build.links ?? {})) {
    rmSync(path.join(BIN, name), { force: true });
    symlinkSync(program, path.join(BIN, name));
  }
  writeFileSync(stamp(build), '');
}

function go(folder: string, args: readonly string[]): string {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' };
  return execFileSync('go', args, {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
}
