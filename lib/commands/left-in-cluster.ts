import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Files } from '../dist/render';

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
