import { k8s } from 'cdk8s-plus-27';
import { cpu } from '../kubernetes/quantity';
import { resourceRequirements, type Resources } from '../kubernetes/resources';
import { CONFINED } from './security';
import { REFRESH_SECRETS, SECRET_COPY, SECRET_SOURCE } from './scripts';

/** One Secret that becomes a file in a folder that HTCondor reads. */
export interface SecretFile {
  readonly folder: 'tokens.d' | 'passwords.d' | 'pool-password';
  readonly secret: { readonly name: string; readonly key: string };
}

/** A shell that compares a few files now and then. */
export const REFRESH_RESOURCES: Resources = {
  requests: { cpu: cpu(5), memory: { bytes: 16 * 1024 ** 2, text: '16Mi' } },
  limits: { memory: { bytes: 64 * 1024 ** 2, text: '64Mi' } },
};

/** Parts of a pod without root whose tools or daemons read secrets: HTCondor takes only files of its own user. */
export function secretCopies(image: string, secrets: readonly SecretFile[]) {
  const folders = [...new Set(secrets.map(({ folder }) => folder))];
  const sources = folders.map((folder) => ({
    name: volumeName(folder),
    mountPath: `${SECRET_SOURCE}/${folder}`,
    readOnly: true,
  }));
  const own = { name: 'own', mountPath: SECRET_COPY };
  return {
    /** Mounts of the container that makes the first copies. */
    sources: [...sources, own],
    /** Mounts of the container that reads the copies. */
    copies: folders.map((folder) => ({
      name: 'own',
      mountPath: `/etc/condor/${folder}`,
      subPath: folder,
      readOnly: true,
    })),
    refresher: {
      name: 'secrets',
      image,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', REFRESH_SECRETS],
      securityContext: CONFINED,
      resources: resourceRequirements(REFRESH_RESOURCES),
      volumeMounts: [...sources, own],
    },
    volumes: [
      ...folders.map((folder) => ({
        name: volumeName(folder),
        projected: {
          sources: secrets
            .filter((each) => each.folder === folder)
            .map(({ secret }) => ({ secret: { name: secret.name } })),
        },
      })),
      { name: 'own', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('1Mi') } },
    ],
  };
}

function volumeName(folder: SecretFile['folder']): string {
  return folder.replaceAll('.', '-');
}
