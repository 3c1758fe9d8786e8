import { everyMapping, textsAt } from '../kubernetes/read';
import type { Check } from './check';

const PINNED = /^https:\/\/raw\.githubusercontent\.com\/[\w.-]+\/[\w.-]+\/[0-9a-f]{40}\/[\w./-]+\.yaml$/;

export const remoteSources: Check = {
  id: 'AF-ARGO-27',
  why: 'Kustomize fetches whatever a URL gives today, and clones whole repositories until it times out.',
  needs: 'crds-longhorn',
  look: (output) =>
    output.components.flatMap(({ name, files }) =>
      Object.entries(files).map(([file, content]) => ({
        subject: `${name}/${file}`,
        problems: [
          ...(name.startsWith('crds-') ? [] : ['only crds- components may hold files that are no objects']),
          ...[...everyMapping(content)]
            .flatMap((mapping) => textsAt(mapping, 'resources'))
            .filter((url) => !PINNED.test(url))
            .map((url) => `${url} is not one file at a commit`),
        ],
      })),
    ),
};
