import { conf } from './conf';

/** Where the packages of Apptainer put it, and where it reads its own configuration. */
export const APPTAINER = {
  program: '/usr/bin/apptainer',
  settings: '/etc/apptainer/apptainer.conf',
} as const;

/**
 * Jobs in containers, by an Apptainer without privileges.
 *
 * A pod sees a part of /proc only, so the kernel lets nobody in it mount another one: without a PID namespace of its
 * own a container does not need any.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/singularity-support.html
 */
export function containersConfig({ mountsCvmfs }: { readonly mountsCvmfs: boolean }): string {
  return conf('Jobs in containers', [
    `SINGULARITY = ${APPTAINER.program}`,
    'SINGULARITY_USE_PID_NAMESPACES = False',
    ...(mountsCvmfs ? ['SINGULARITY_BIND_EXPR = "/cvmfs"'] : []),
  ]);
}

/**
 * Apptainer's own configuration; what it does not say keeps its default.
 *
 * It unpacks an image in a container as well, which HTCondor does not start, so that one is told here to do without a
 * PID namespace.
 *
 * @see https://apptainer.org/docs/admin/1.4/configfiles.html
 */
export function apptainerSettings(): string {
  return conf('Apptainer', ['allow setuid = no', 'allow pid ns = no']);
}
