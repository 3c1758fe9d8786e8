import type { z } from 'zod';
import {
  VOLUME_BYTES,
  bytes,
  list,
  mapping,
  name,
  objectName,
  oneOf,
  text,
  truth,
  wholeNumber,
} from '../field';
import { backup } from './backup';
import { longhornSettings } from './longhorn-settings';

const storageClass = mapping(
  {
    description: 'A storage class: what a volume that asks for it is like.',
    example: { name: 'homes', replicas: 2, default: true },
  },
  {
    name: name({
      description: "Name of the class; never longhorn or longhorn-static, which are Longhorn's own.",
      example: 'homes',
    }),
    replicas: wholeNumber(
      { description: 'Copies of the data, each on another storage node.', example: 2 },
      { min: 1, max: 5 },
    ),
    reclaimPolicy: oneOf(
      {
        description: 'What happens to the data when the claim is deleted. Retain: an admin decides.',
        example: 'Retain',
      },
      ['Retain', 'Delete'],
    ).default('Retain'),
    accessMode: oneOf(
      {
        description: 'ReadWriteOnce: on one node at a time. ReadWriteMany: on many, over NFS.',
        example: 'ReadWriteOnce',
      },
      ['ReadWriteOnce', 'ReadWriteMany'],
    ).default('ReadWriteOnce'),
    default: truth({
      description: 'Whether a claim that names no class gets this one; true for exactly one.',
      example: true,
    }).default(false),
    backup: list(
      {
        description:
          'Names of the jobs in storage.longhorn.backup.jobs that look after the volumes of the class.',
        example: ['nightly'],
      },
      name({ description: 'Name of a job.', example: 'nightly' }),
    ).default([]),
  },
);

const volume = {
  class: name({ description: 'Storage class, from storage.longhorn.classes.', example: 'homes' }),
  size: bytes({ description: 'Size of the volume.', example: '25Gi' }, VOLUME_BYTES),
};

const mountPath = (description: string, example: string) =>
  text(
    { description, example },
    {
      pattern: /^(?:\/\.?\w[\w.-]*)+$/,
      expected: 'an absolute path without spaces or "..", such as /shared/cms',
    },
  );

/** Longhorn, its classes and backups, and the volumes that are planned on them. */
export const storage = mapping(
  {
    description: 'Longhorn and what is stored on it. Absent: it is not installed.',
    example: { longhorn: { classes: [{ name: 'homes', replicas: 2, default: true }] } },
  },
  {
    longhorn: mapping(
      {
        description: 'Longhorn itself.',
        example: { classes: [{ name: 'homes', replicas: 2, default: true }] },
      },
      {
        runningVersion: text(
          {
            description:
              'Version that runs now (`kubectl get settings.longhorn.io current-longhorn-version -n longhorn-system`); absent where none does. It proves that the upgrade is allowed.',
            example: '1.12.1',
          },
          { pattern: /^v?\d+\.\d+\.\d+$/, expected: 'a version in quotes, such as "1.12.1"' },
        ).optional(),
        settings: longhornSettings.prefault({}),
        supportBundle: truth({
          description: 'Whether support bundles can be made. They need a service account with cluster-admin.',
          example: false,
        }).default(false),
        classes: list(
          { description: 'The storage classes.', example: [{ name: 'homes', replicas: 2, default: true }] },
          storageClass,
          1,
        ),
        backup: backup.optional(),
      },
    ),
    home: mapping(
      {
        description: 'Homes of the users, a volume each.',
        example: { class: 'homes', size: '25Gi', expectedUsers: 50 },
      },
      {
        ...volume,
        mountPath: mountPath(
          'Where the home is in the notebook: the home directory of the images.',
          '/home/jovyan',
        ).default('/home/jovyan'),
        expectedUsers: wholeNumber(
          { description: 'Users that are expected; capacity is planned with it.', example: 50 },
          { min: 1, max: 10_000 },
        ),
      },
    ).optional(),
    shared: list(
      {
        description: 'Volumes that users share.',
        example: [{ name: 'cms-work', class: 'shared', size: '4Ti' }],
      },
      mapping(
        { description: 'A shared volume.', example: { name: 'cms-work', class: 'shared', size: '4Ti' } },
        {
          name: name({ description: 'Name of the volume.', example: 'cms-work' }),
          ...volume,
          mountPath: mountPath(
            'Where it is in the notebook. Absent: /shared with the name of the volume.',
            '/shared/cms-work',
          ).optional(),
          experiments: list(
            { description: 'Experiments whose members see it. None: all.', example: ['cms'] },
            name({ description: 'Name of an experiment.', example: 'cms' }, 20),
          ).default([]),
        },
      ),
    ).default([]),
    cvmfs: mapping(
      {
        description:
          'CVMFS in notebooks, at /cvmfs, by the CSI driver that the cluster has. Absent: notebooks have none.',
        example: { class: 'cvmfs' },
      },
      {
        class: objectName({
          description:
            'Storage class of the driver cvmfs.csi.cern.ch (`kubectl get storageclass`); the driver is not installed from here.',
          example: 'cvmfs',
        }),
      },
    ).optional(),
  },
);

export type Storage = z.output<typeof storage>;
export type StorageClass = z.output<typeof storageClass>;
