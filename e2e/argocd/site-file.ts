import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import YAML, { type Document } from 'yaml';
import { synth } from '../../lib/commands/synth';

/** The file of a site, which is changed as an admin does it. */
export class SiteFile {
  private readonly document: Document;

  constructor(private readonly site: string) {
    const file = path.join(__dirname, '..', '..', 'sites', site, 'site.yaml');
    this.document = YAML.parseDocument(readFileSync(file, 'utf8'));
  }

  /** Sets a field, and makes those above it that are missing; `undefined` takes it away. */
  set(field: readonly (string | number)[], value: unknown): void {
    if (value === undefined) this.document.deleteIn(field);
    else this.document.setIn(field, value);
  }

  /**
   * Synthesises dist of the file as it is now, and hands over its folder.
   *
   * @throws Error with everything that `synth` has to say against it
   */
  withDist(use: (dist: string) => void): void {
    const root = mkdtempSync(path.join(tmpdir(), 'changed-'));
    try {
      mkdirSync(path.join(root, 'sites', this.site), { recursive: true });
      writeFileSync(path.join(root, 'sites', this.site, 'site.yaml'), this.document.toString());
      const said: string[] = [];
      const terminal = {
        say: () => undefined,
        complain: (line: string) => said.push(line),
        progress: () => undefined,
      };
      if (synth(root, [this.site], terminal) !== 0) throw new Error(said.join('\n'));
      use(path.join(root, 'dist', this.site));
    } finally {
      rmSync(root, { recursive: true });
    }
  }
}
