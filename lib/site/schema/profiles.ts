import type { z } from 'zod';
import { bytes, cpu, line, list, mapping, name, objectName, text, truth, wholeNumber } from '../field';

const amount = <T extends z.ZodType>(what: string, example: string, field: (description: string) => T) =>
  mapping(
    { description: `${what} of the notebook.`, example: { guarantee: example, limit: example } },
    {
      guarantee: field('What the scheduler keeps free for it.'),
      limit: field('What it may use at most.'),
    },
  );

const gpu = mapping(
  { description: 'GPUs of the notebook. Absent: it sees none.', example: { resource: 'nvidia.com/gpu' } },
  {
    resource: text(
      {
        description:
          'What the nodes offer (`kubectl get nodes -o json | jq .items[].status.allocatable`): nvidia.com/gpu, or a slice such as nvidia.com/mig-1g.5gb.',
        example: 'nvidia.com/gpu',
      },
      {
        pattern: /^nvidia\.com\/(?:gpu|mig-[1-7]g\.\d+gb(?:\.me)?)$/,
        expected: 'nvidia.com/gpu or a slice, such as nvidia.com/mig-1g.5gb',
      },
    ).default('nvidia.com/gpu'),
    count: wholeNumber({ description: 'How many.', example: 1 }, { min: 1, max: 16 }).default(1),
    runtimeClass: objectName({
      description:
        'Runtime class of the pods, where the runtime with GPUs is not the default of the nodes (`kubectl get runtimeclasses`).',
      example: 'nvidia',
    }).optional(),
  },
);

const EXAMPLE = {
  slug: 'small',
  displayName: '2 cores, 8 GB',
  cpu: { guarantee: 1, limit: 2 },
  memory: { guarantee: '6Gi', limit: '8Gi' },
};

const profile = mapping(
  { description: 'A size of notebook that users choose.', example: EXAMPLE },
  {
    slug: name({
      description: 'Name of the profile in requests and logs; it should stay.',
      example: 'small',
    }),
    displayName: line({ description: 'What users read.', example: '2 cores, 8 GB' }),
    description: line({ description: 'A second line for users.', example: 'For plots.' }).optional(),
    cpu: amount('Cores', '2', (description) => cpu({ description, example: '2' }, 256)),
    memory: amount('Memory', '8Gi', (description) => bytes({ description, example: '8Gi' })),
    pools: list(
      {
        description:
          'Node pools on which it runs, with the role user. Absent: all of them that have GPUs, or have none, as the profile has; where all nodes have GPUs, a profile without any runs on them too.',
        example: ['cpu'],
      },
      name({ description: 'Name of a node pool.', example: 'cpu' }),
      1,
    ).optional(),
    gpu: gpu.optional(),
    images: list(
      {
        description:
          'Images from the catalogue; the first is chosen already. None: the sample notebook of JupyterHub.',
        example: ['cms-lab'],
      },
      name({ description: 'Name of an image.', example: 'cms-lab' }),
    ).default([]),
    unlistedImages: text(
      {
        description:
          'Pattern (regular expression) of other images that users may name. It begins with ^ and the registry, its dots escaped, and ends with $. Absent: none.',
        example: '^registry\\.example\\.org/af/[a-z0-9/-]+:[0-9.]+$',
      },
      { pattern: /^\S+$/, expected: 'a regular expression without spaces' },
    ).optional(),
    default: truth({
      description: 'Whether it is chosen already; the first, if none says so.',
      example: true,
    }).default(false),
    allow: mapping(
      {
        description: 'Who sees it and may start it. Absent: everybody who may log in.',
        example: { experiments: ['cms'] },
      },
      {
        experiments: list(
          { description: 'Experiments whose members may.', example: ['cms'] },
          name({ description: 'Name of an experiment.', example: 'cms' }, 20),
          1,
        ),
      },
    ).optional(),
  },
);

/** Sizes of notebooks. */
export const profiles = list(
  {
    description: 'Sizes of notebooks that users choose from. Absent: one of 2 cores and 4 GB.',
    example: [EXAMPLE],
  },
  profile,
  1,
).prefault([
  {
    slug: 'default',
    displayName: 'Up to 2 cores, 4 GB',
    cpu: { guarantee: '500m', limit: 2 },
    memory: { guarantee: '1Gi', limit: '4Gi' },
  },
]);

export type Profile = z.output<typeof profile>;
