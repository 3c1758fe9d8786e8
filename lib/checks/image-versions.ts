import { RELEASE as CERT_MANAGER } from '../cert-manager/release';
import { title } from '../kubernetes/object';
import { everyMapping, textAt } from '../kubernetes/read';
import { RELEASE as LONGHORN } from '../longhorn/release';
import { ofKind, type Check } from './check';

/** Workload to the release whose definitions are applied beside it. */
const RELEASES = [
  {
    name: 'cert-manager',
    version: CERT_MANAGER.version,
    commit: CERT_MANAGER.commit,
    crds: 'crds-cert-manager',
  },
  { name: 'longhorn-manager', version: LONGHORN.version, commit: LONGHORN.commit, crds: 'crds-longhorn' },
];

export const imageVersions: Check = {
  id: 'AF-ARGO-42',
  why: 'A controller that is newer or older than its definitions loses the fields that only one of them knows.',
  look: (output) =>
    RELEASES.flatMap(({ name, version, commit, crds }) =>
      ofKind(output, 'Deployment', 'DaemonSet')
        .filter(({ metadata }) => metadata.name === name)
        .map((workload) => {
          const images = [...everyMapping(workload)].flatMap((mapping) => textAt(mapping, 'image') ?? []);
          const definitions = output.components.find((component) => component.name === crds);
          const application = ofKind(output, 'Application').find(({ metadata }) => metadata.name === crds);
          const pinned = JSON.stringify([definitions?.files, application]).includes(commit);
          return {
            subject: title(workload),
            problems: [
              ...images
                .filter((image) => !image.endsWith(`:${version}`))
                .map((image) => `${image} is not of release ${version}`),
              ...(pinned ? [] : [`the definitions of ${crds} are not those of ${version}`]),
            ],
          };
        }),
    ),
};
