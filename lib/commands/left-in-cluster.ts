import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Files } from '../dist/render';
import { at, listAt } from '../kubernetes/read';
import { readObject } from './read-object';

const APPLICATION = /^application\.(.+)\.yaml$/;

/** What Argo CD does, and does not do, about components that leave dist: an Application without a finalizer leaves all its objects. */
export function leftInCluster(folder: string, files: Files): string[] {
  const argocd = path.join(folder, 'argocd');
  if (!existsSync(argocd)) return [];
  return readdirSync(argocd).flatMap((file) => {
    const [, name] = APPLICATION.exec(file) ?? [];
    if (name === undefined || files.has(`argocd/${file}`)) return [];
    const pruned = readFileSync(path.join(argocd, file), 'utf8').includes(
      'resources-finalizer.argocd.argoproj.io',
    );
    return [
      pruned
        ? `component ${name} leaves: Argo CD deletes its objects`
        : `component ${name} leaves: it holds data, so Argo CD leaves its objects in the cluster (docs/admin/remove-component.md)`,
    ];
  });
}

/** What the cluster keeps of an object whose file leaves dist, in brackets; nothing where Argo CD deletes all of it. */
export function keptOf(file: string, folder: string, files: Files): string {
  const [component = ''] = file.split('/');
  const application = files.get(`argocd/application.${component}.yaml`);
  // A component that leaves as a whole has a line of its own.
  if (application === undefined) return '';
  // An Application that does not prune keeps what leaves its folder.
  if (application.includes('prune: false'))
    return ' (the object stays in the cluster until you delete it: docs/admin/remove-component.md)';
  const claims = claimsOf(readFileSync(path.join(folder, file), 'utf8'));
  return claims.length === 0
    ? ''
    : ` (when you confirm it in Argo CD, which applies nothing more of ${component} until then; ${claims.join(', ')} stays with its data: docs/admin/remove-component.md)`;
}

/** Claims that a StatefulSet made from its templates: Kubernetes keeps them when it deletes the set. */
function claimsOf(text: string): string[] {
  const object = readObject(text);
  const name = String(at(object, 'metadata', 'name'));
  const replicas = Number(at(object, 'spec', 'replicas') ?? 1);
  return listAt(object, 'spec', 'volumeClaimTemplates').flatMap((template) =>
    Array.from(
      { length: replicas },
      (_, ordinal) => `claim ${String(at(template, 'metadata', 'name'))}-${name}-${String(ordinal)}`,
    ),
  );
}
