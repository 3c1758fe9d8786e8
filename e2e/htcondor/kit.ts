import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BIN, KUBECONFIG } from '../cluster/cache';

const REPOSITORY = path.join(__dirname, '..', '..');
const COMMAND = /^\s*(kubectl .*)$/m;

interface Answer {
  readonly status: number | null;
  readonly said: string;
}

/** Runs the command that admins use, for a copy of the repository's sites. */
function clientKit(root: string, site: string, out: string): Answer {
  const program = [
    path.join(REPOSITORY, 'node_modules', 'ts-node', 'dist', 'bin.js'),
    path.join(REPOSITORY, 'main.ts'),
  ];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...program, 'client-kit', site, '--out', out],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return { status, said: `${stdout}${stderr}` };
}

/** Runs the first kubectl command of a text, to the letter, in a folder. */
function obey(text: string, folder: string): void {
  const [, command = 'false'] = COMMAND.exec(text) ?? [];
  const { status, stderr } = spawnSync('sh', ['-euc', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${BIN}:${process.env['PATH'] ?? ''}`, KUBECONFIG },
  });
  if (status !== 0) throw new Error(`${command}\n${stderr}\nin\n${text}`);
}

/**
 * Makes the client kit of a site as its admin does: the first run names the command that takes the CA's certificate out
 * of the cluster, and the second, with that file beside site.yaml, makes a kit that is complete.
 *
 * @param use gets the folder, which is gone afterwards
 */
export function withKit<T>(site: string, use: (kit: string) => T): T {
  const root = mkdtempSync(path.join(tmpdir(), 'e2e-kit-'));
  try {
    const folder = path.join(root, 'sites', site);
    mkdirSync(folder, { recursive: true });
    cpSync(path.join(REPOSITORY, 'sites', site, 'site.yaml'), path.join(folder, 'site.yaml'));
    const [first, kit] = [path.join(root, 'first'), path.join(root, 'kit')];
    const before = clientKit(root, site, first);
    expect([before.status, before.said]).toEqual([1, expect.stringContaining('One step is left')]);
    obey(before.said, root);
    const after = clientKit(root, site, kit);
    expect([after.status, after.said]).toEqual([0, expect.stringMatching(/trusts CN=.*, valid from /)]);
    // The kit that was not complete says the same to who has it.
    obey(readFileSync(path.join(first, 'README.md'), 'utf8'), first);
    const [own, committed] = [first, kit].map((each) => readFileSync(path.join(each, 'ca.crt'), 'utf8'));
    expect(committed).toContain(own?.trim());
    return use(kit);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The commands of the page that comes with the kit, in the order in which a user types them. */
export function commandsOf(readme: string, heading: string): readonly string[] {
  const section = readme.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const [, block = ''] = /^```sh\n([^]*?)^```$/m.exec(section) ?? [];
  return block
    .split('\n')
    .map((line) => line.replace(/ {2,}#.*$/, '').trim())
    .filter((line) => line !== '');
}
