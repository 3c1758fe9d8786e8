import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import YAML from 'yaml';
import { z } from 'zod';
import { group, title, type KubernetesObject } from '../../lib/kubernetes/object';
import { at, isFields } from '../../lib/kubernetes/read';
import { BIN, cacheFolder } from '../cluster/cache';
import type { Look } from '../suite/look';
import { moduleFolder } from './modules';
import { EXCLUDED, exclusionOf } from './score';
import { API_DESCRIPTIONS } from './versions';

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const result = spawnSync(path.resolve(BIN, program), args, { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
  if (result.error) throw result.error;
  return { status: result.status ?? 1, out: result.stdout, err: result.stderr };
}

/** Writes objects to a folder of their own for the time of a call: `<number>.yaml`. */
function withFiles<T>(texts: readonly string[], use: (files: readonly string[]) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'static-'));
  try {
    const files = texts.map((text, index) => {
      const file = path.join(folder, `${String(index)}.yaml`);
      writeFileSync(file, text);
      return file;
    });
    return use(files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Kubernetes' own description of its API at a release, laid out as kubectl-validate reads it: `apis/<group>/<version>.json`.
 *
 * @throws Error when no patch of the release is named in `versions.ts`
 */
function apiDescription(release: string): string {
  const version = API_DESCRIPTIONS[release];
  if (version === undefined)
    throw new Error(`e2e/static/versions.ts names no patch of Kubernetes ${release}, which a site runs`);
  const folder = path.join(cacheFolder('schemas'), version);
  if (existsSync(folder)) return folder;
  const source = path.join(moduleFolder('k8s.io/kubernetes', version), 'api', 'openapi-spec', 'v3');
  const half = `${folder}.half`;
  rmSync(half, { recursive: true, force: true });
  for (const file of readdirSync(source)) {
    const [kind = '', ...rest] = file.replace(/_openapi\.json$/, '').split('__');
    // The others are lists of versions.
    if (rest.length !== LEVELS[kind]) continue;
    const to = `${path.join(half, kind, ...rest)}.json`;
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(path.join(source, file), to);
  }
  renameSync(half, folder);
  return folder;
}

/** Steps of a path below `api` and `apis`: a version, and a group and a version. */
const LEVELS: Readonly<Record<string, number>> = { api: 1, apis: 2 };

const Validation = z.record(
  z.string(),
  z.array(z.object({ status: z.string(), message: z.string().default('') })),
);

/** Names of roles are path segments, and may have colons: the tool holds every name to be a DNS name. */
function isNameOfRole(object: KubernetesObject, message: string): boolean {
  return (
    group(object) === 'rbac.authorization.k8s.io' &&
    /^[^/%]+$/.test(object.metadata.name) &&
    /is invalid: metadata\.name: Invalid value: [^,\]]*$/.test(
      message.replace(/a lowercase RFC 1123 subdomain.*/s, ''),
    )
  );
}

/** kubectl-validate: every object against the API of the site's Kubernetes release and upstream's definitions. */
export function schemas(
  objects: readonly KubernetesObject[],
  release: string,
  definitions: readonly string[],
): Look {
  const description = apiDescription(release);
  const texts = definitions.map((file) => readFileSync(file, 'utf8'));
  return withFiles(texts, ([first = '']) =>
    withFiles(
      objects.map((object) => YAML.stringify(object)),
      (files) => {
        const { out, err } = run(
          'kubectl-validate',
          // Without a version it knows nothing but what it is given; without a kubeconfig it asks no cluster.
          [
            '--version=',
            `--local-schemas=${description}`,
            `--local-crds=${path.dirname(first)}`,
            '--output=json',
            ...files,
          ],
          { ...process.env, KUBECONFIG: '/dev/null' },
        );
        if (out === '') return { looked: 0, objections: [err] };
        const answers = Validation.parse(JSON.parse(out));
        const objections = files.flatMap((file, index) => {
          const object = objects[index];
          if (object === undefined) return [];
          const answer = answers[file] ?? [{ status: 'Failure', message: 'was not looked at' }];
          return answer
            .filter(({ status, message }) => status !== 'Success' && !isNameOfRole(object, message))
            .map(({ message }) => `${title(object)}: ${message}`);
        });
        return { looked: Object.keys(answers).length, objections };
      },
    ),
  );
}

const Score = z.array(
  z.object({
    object_name: z.string(),
    checks: z
      .array(
        z.object({
          check: z.object({ id: z.string() }),
          grade: z.number(),
          skipped: z.boolean(),
          comments: z
            .array(z.object({ path: z.string(), summary: z.string(), description: z.string() }))
            .nullable(),
        }),
      )
      .nullable(),
  }),
);

/** kube-score: what it holds against workloads, but for the exclusions of `score.ts`. */
export function score(
  objects: readonly KubernetesObject[],
  release: string,
): Look & { readonly excluded: ReadonlyMap<string, number> } {
  return withFiles(
    objects.map((object) => YAML.stringify(object)),
    (files) => {
      const { out, err } = run('kube-score', [
        'score',
        `--kubernetes-version=v${release}`,
        '--output-format=json',
        ...files,
      ]);
      if (out === '') return { looked: 0, objections: [err], excluded: new Map() };
      const scored = Score.parse(JSON.parse(out));
      const excluded = new Map(Object.keys(EXCLUDED).map((check) => [check, 0]));
      const objections = scored.flatMap(({ object_name: name, checks }) =>
        (checks ?? []).flatMap(({ check: { id }, grade, skipped, comments }) => {
          if (skipped || grade >= ALL_WELL) return [];
          return (comments ?? []).flatMap(({ path: where, summary }) => {
            const exclusion = exclusionOf(id, name, where, summary);
            if (exclusion) {
              excluded.set(id, (excluded.get(id) ?? 0) + 1);
              return [];
            }
            return [`${name} ${where}: ${summary} (${id})`];
          });
        }),
      );
      return { looked: scored.length, objections, excluded };
    },
  );
}

/** kube-score's grades: 1 critical, 5 warning, 7 almost well, 10 well. */
const ALL_WELL = 10;

/** promtool: groups of rules in PrometheusRules, and in ConfigMaps as files of rules. */
export function rules(objects: readonly KubernetesObject[]): Look {
  const files = objects.flatMap((object) => {
    if (object.kind === 'PrometheusRule') return [{ object, text: YAML.stringify(at(object, 'spec')) }];
    const data = at(object, 'data');
    if (object.kind !== 'ConfigMap' || !isFields(data)) return [];
    return Object.values(data).flatMap((text) =>
      typeof text === 'string' && /^groups:\s*$/m.test(text) ? [{ object, text }] : [],
    );
  });
  const objections = files.flatMap(({ object, text }) =>
    withFiles([text], ([file = '']) => {
      const { status, out, err } = run(PROMTOOL, ['check', 'rules', file]);
      return status === 0 ? [] : [`${title(object)}: ${`${out}${err}`.replaceAll(file, '').trim()}`];
    }),
  );
  return { looked: files.length, objections };
}

const PROMTOOL = '/usr/bin/promtool';

/** actionlint: workflows by their text. */
export function workflows(texts: readonly string[]): Look {
  return withFiles(texts, (files) => {
    // Without shellcheck and pyflakes, which may or may not be on a machine.
    const { out, err } = run('actionlint', ['-no-color', '-oneline', '-shellcheck=', '-pyflakes=', ...files]);
    const lines = `${out}${err}`.split('\n').filter((line) => line !== '');
    return { looked: files.length, objections: lines.map((line) => line.replace(/^\S*\/(\d+\.yaml)/, '$1')) };
  });
}
