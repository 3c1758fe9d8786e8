import { bytes, duration, mapping, name, VOLUME_BYTES, wholeNumber } from '../field';
import { resources } from './workload';

/**
 * Letters of the name at most: pods of a StatefulSet carry its name with a hash of eleven letters as a label, of which
 * 63 are allowed, and `access-point-` is thirteen.
 *
 * @see https://github.com/kubernetes/kubernetes/issues/64023
 */
export const ACCESS_POINT_NAME = 39;

export const nodePort = (description: string, example: number) =>
  wholeNumber(
    { description: `${description} A NodePort, open on every node.`, example },
    { min: 30_000, max: 32_767 },
  );

export const pool = (description: string, example: string) =>
  name({ description: `${description} Name of a node pool.`, example });

export const accessPoint = mapping(
  {
    description: 'An access point: it takes jobs and keeps their queue.',
    example: {
      name: 'ap1',
      pool: 'core',
      spool: { class: 'af-rwo', size: '50Gi' },
      external: { port: 31_618 },
    },
  },
  {
    name: name({ description: 'Name of the access point.', example: 'ap1' }, ACCESS_POINT_NAME),
    pool: pool('Where it runs.', 'core'),
    spool: mapping(
      {
        description: 'Volume of the job queue and of the files that come with jobs.',
        example: { class: 'af-rwo', size: '50Gi' },
      },
      {
        class: name({ description: 'Storage class, from storage.longhorn.classes.', example: 'af-rwo' }),
        size: bytes({ description: 'Size of the volume.', example: '50Gi' }, VOLUME_BYTES),
      },
    ),
    external: mapping(
      {
        description: 'How clients outside the cluster reach it. Absent: they do not.',
        example: { port: 31_618 },
      },
      { port: nodePort('Port of the access point.', 31_618) },
    ).optional(),
    resources: resources({ cpu: '500m', memory: '1Gi', memoryLimit: '4Gi' }),
    maxJobsPerOwner: wholeNumber(
      { description: 'Jobs that one user may have in the queue.', example: 5000 },
      { min: 1, max: 1_000_000 },
    ).default(10_000),
    audit: duration(
      {
        description:
          'How long the history of jobs and the audit log are kept, on the volume of the spool; whole days.',
        example: '90d',
      },
      { min: '1d', max: '3650d' },
    ).prefault('90d'),
  },
);
