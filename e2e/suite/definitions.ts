import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import sources from '../../imports/sources.json';
import { group, type KubernetesObject } from '../../lib/kubernetes/object';
import { listAt } from '../../lib/kubernetes/read';
import { mustKubectl } from '../cluster/kubectl';
import { eventually } from './look';
import { nameOf, readAll } from './objects';
import { moduleFolder } from '../static/modules';
import { VERSIONS } from '../static/versions';

/** Files of upstream's definitions: `imports/sources.json` pins those that dist is written for. */
const FOLDER = process.env['E2E_CRDS'] ?? '';
const PINNED = Object.keys(sources);

const GATEWAY = 'gateway.networking.k8s.io';

/** @throws Error when the folder of definitions is not named, or lacks a file */
export function requireDefinitions(): void {
  const missing = PINNED.filter((file) => !existsSync(path.join(FOLDER, file)));
  if (FOLDER === '' || missing.length > 0)
    throw new Error(
      `E2E_CRDS must name a folder with the files of imports/sources.json: ${PINNED.join(', ')}`,
    );
}

/** The file with the definitions of a project, such as `longhorn`. */
export function definitionsOf(project: string): string {
  const files = readdirSync(FOLDER).filter((name) => name.startsWith(`${project}-v`));
  const [file] = files.filter((name) => PINNED.includes(name)).concat(files);
  if (file === undefined) throw new Error(`${FOLDER} has no file with the definitions of ${project}`);
  return path.join(FOLDER, file);
}

/** Files with the definitions of upstream's projects. */
export function pinnedDefinitions(): string[] {
  requireDefinitions();
  return PINNED.map((file) => path.join(FOLDER, file));
}

/** Files that define every kind of these objects that Kubernetes does not. */
export function definitionsFor(objects: readonly KubernetesObject[]): string[] {
  const groups = new Set(objects.map(group));
  const kinds = new Set(objects.filter((object) => group(object) !== '').map(({ kind }) => kind));
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .filter((file) => {
      const text = readFileSync(path.join(FOLDER, file), 'utf8');
      return (
        PINNED.includes(file) ||
        // Some of upstream's definitions are long, and cost an API server more than all of dist.
        [...kinds].some((kind) => text.includes(`\n    kind: ${kind}\n`))
      );
    })
    .map((file) => path.join(FOLDER, file));
  return groups.has(GATEWAY) ? [...files, ...gatewayDefinitions()] : files;
}

/** Routes and gateways are the cluster's own kinds: no component of dist brings them. Their module comes from the network once. */
export function gatewayDefinitions(): string[] {
  const module = moduleFolder('sigs.k8s.io/gateway-api', VERSIONS.gatewayApi);
  const folder = path.join(module, 'config', 'crd', 'standard');
  // Beside the definitions is an admission policy against downgrades.
  return readdirSync(folder)
    .filter((file) => /^gateway\.networking\.k8s\.io_(?!vap_)\w+\.yaml$/.test(file))
    .map((file) => path.join(folder, file));
}

/** Applies definitions and waits until their kinds are served. */
export async function define(files: readonly string[]): Promise<void> {
  const names = files.map((file) => `--filename=${file}`);
  if (names.length > 0) mustKubectl(['apply', '--server-side', '--force-conflicts', ...names]);
  const left = await eventually(60, notEstablished);
  if (left.length > 0) throw new Error(`not served within 60 s: ${left.join(', ')}`);
}

/** `kubectl wait` gives up on a definition that has no conditions yet. */
function notEstablished(): string[] {
  return readAll('customresourcedefinitions')
    .filter((definition) => {
      const established = listAt(definition, 'status', 'conditions').find(
        (condition) => condition['type'] === 'Established',
      );
      return established?.['status'] !== 'True';
    })
    .map(nameOf);
}
