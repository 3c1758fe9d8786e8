/**
 * `npm run import -- <folder>`: makes the typed classes in imports/ from upstream's CRD files.
 *
 * The folder holds one file per source of `imports/sources.json`. Only the kinds named there are imported: the
 * whole of Argo CD's CRDs would be 82,000 lines of classes that nobody uses.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import YAML from 'yaml';
import { z } from 'zod';

const Sources = z.record(
  z.string(),
  z.strictObject({
    repository: z.string(),
    version: z.string(),
    /** What the version was when it was pinned: a commit, or the checksum of the project's Go module. */
    commit: z.string().optional(),
    module: z.string().optional(),
    sum: z.string().optional(),
    path: z.string(),
    kinds: z.array(z.string()),
    /** Parts that Kubernetes' own classes say already, such as a pod: they become untyped. */
    leftOut: z.array(z.string()).default([]),
  }),
);
const Crd = z.looseObject({ spec: z.looseObject({ names: z.looseObject({ kind: z.string() }) }) });

/** Upstream's sentences are upstream's: only names and types become classes. */
function withoutProse(document: YAML.Document): void {
  YAML.visit(document, {
    Pair: (_, { key, value }) =>
      YAML.isScalar(key) && key.value === 'description' && YAML.isScalar(value)
        ? YAML.visit.REMOVE
        : undefined,
  });
}

/** Ten thousand lines of a pod's classes would not fit those of cdk8s. */
function withoutParts(document: YAML.Document, parts: readonly string[]): void {
  YAML.visit(document, {
    Pair: (_, { key, value }) => {
      if (!YAML.isScalar(key) || !parts.includes(String(key.value)) || !YAML.isMap(value)) return undefined;
      value.delete('properties');
      value.delete('required');
      return YAML.visit.SKIP;
    },
  });
}

const root = path.join(__dirname, '..');
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: npm run import -- <folder with the files of imports/sources.json>');
  process.exit(2);
}
const sources = Sources.parse(JSON.parse(readFileSync(path.join(root, 'imports', 'sources.json'), 'utf8')));
const scratch = mkdtempSync(path.join(tmpdir(), 'crds-'));
const made = path.join(scratch, 'made');
try {
  for (const [file, source] of Object.entries(sources)) {
    const documents = YAML.parseAllDocuments(readFileSync(path.join(folder, file), 'utf8'));
    const wanted = documents.filter((document) => {
      const definition = Crd.safeParse(document.toJS());
      return definition.success && source.kinds.includes(definition.data.spec.names.kind);
    });
    for (const document of wanted) {
      withoutProse(document);
      withoutParts(document, source.leftOut);
    }
    if (wanted.length !== source.kinds.length)
      throw new Error(`${file}: has not all of ${source.kinds.join(', ')}`);
    const input = path.join(scratch, file);
    mkdirSync(path.dirname(input), { recursive: true });
    writeFileSync(input, wanted.map(String).join('---\n'));
    execFileSync(
      'npx',
      ['cdk8s', 'import', input, '--no-save', '--language', 'typescript', '--output', made],
      {
        stdio: 'inherit',
        env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
      },
    );
  }
  // Others may be reading what has not changed.
  for (const file of readdirSync(made)) {
    const to = path.join(root, 'imports', file);
    const text = readFileSync(path.join(made, file), 'utf8');
    if (!existsSync(to) || readFileSync(to, 'utf8') !== text) writeFileSync(to, text);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
