import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { runFolder } from '../cluster/cache';

const ROOT = path.join(__dirname, '..', '..');
const FOLDER = runFolder('git');
export const BARE = path.join(FOLDER, 'bare');
const WORK = path.join(FOLDER, 'work');

/** Applications that bring definitions from upstream: `crds-<component>`. */
const OF_DEFINITIONS = /^application\.crds-(.+)\.yaml$/;

export interface Played {
  readonly site: string;
  /** Branch that the site follows. */
  readonly revision: string;
  /** Path of the repository below its host, `/af/sites.git`. */
  readonly url: URL;
  /** Folder with upstream's definitions, and the file of each component. */
  readonly definitions: Readonly<Record<string, string>>;
}

/** Makes a repository of the committed dist, with the one substitution: where definitions come from. */
export function makeRepository(played: Played): void {
  rmSync(FOLDER, { recursive: true, force: true });
  const bare = path.join(BARE, played.url.pathname);
  mkdirSync(bare, { recursive: true });
  git(bare, ['init', '--quiet', '--bare', `--initial-branch=${played.revision}`]);
  mkdirSync(WORK, { recursive: true });
  git(WORK, ['init', '--quiet', `--initial-branch=${played.revision}`]);
  git(WORK, ['remote', 'add', 'origin', bare]);
  for (const [component, file] of Object.entries(played.definitions)) {
    cpSync(file, path.join(WORK, 'crds', component, path.basename(file)), { recursive: true });
  }
  putDist(played, path.join(ROOT, 'dist', played.site));
  commit('the site');
}

/** Takes a component away, as `synth` does when a site file no longer has it. */
export function removeComponent(site: string, component: string): void {
  rmSync(distFile(site, component), { recursive: true, force: true });
  rmSync(distFile(site, `argocd/application.${component}.yaml`));
}

/** Replaces the dist of the site; the Applications of definitions keep their substitution. */
export function putDist({ site, revision, url }: Played, dist: string): void {
  const own = path.join(WORK, 'dist', site);
  rmSync(own, { recursive: true, force: true });
  cpSync(dist, own, { recursive: true });
  for (const name of readdirSync(path.join(own, 'argocd'))) {
    const [, component] = OF_DEFINITIONS.exec(name) ?? [];
    if (component === undefined) continue;
    const file = path.join(own, 'argocd', name);
    const document = YAML.parseDocument(readFileSync(file, 'utf8'));
    const source = {
      repoURL: String(url),
      targetRevision: revision,
      path: `crds/${component}`,
      directory: { recurse: true },
    };
    document.setIn(['spec', 'source'], source);
    writeFileSync(file, document.toString());
  }
}

/** A file of the site's dist in the repository. */
export function distFile(site: string, file: string): string {
  return path.join(WORK, 'dist', site, file);
}

export function commit(message: string): void {
  git(WORK, ['add', '--all']);
  git(WORK, ['commit', '--quiet', '--allow-empty', '--message', message]);
  git(WORK, ['push', '--quiet', 'origin', 'HEAD']);
}

export function revertLast(): void {
  git(WORK, ['revert', '--no-edit', 'HEAD']);
  git(WORK, ['push', '--quiet', 'origin', 'HEAD']);
}

function git(folder: string, args: readonly string[]): void {
  const who = {
    GIT_AUTHOR_NAME: 'e2e',
    GIT_AUTHOR_EMAIL: 'e2e@example.org',
    GIT_COMMITTER_NAME: 'e2e',
    GIT_COMMITTER_EMAIL: 'e2e@example.org',
  };
  execFileSync('git', args, {
    cwd: folder,
    env: { ...process.env, ...who },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
