import { z } from 'zod';
import {
  bytes,
  cpu,
  dictionary,
  labelKey,
  labelValue,
  list,
  mapping,
  name,
  oneOf,
  text,
  variant,
  wholeNumber,
} from '../field';

const taint = mapping(
  {
    description: 'A taint of the nodes of the pool (`kubectl get nodes -o json | jq .items[].spec.taints`).',
    example: { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
  },
  {
    key: labelKey({ description: 'Key of the taint.', example: 'nvidia.com/gpu' }),
    value: labelValue({ description: 'Value of the taint.', example: 'present' }).optional(),
    effect: oneOf({ description: 'What happens to pods that do not tolerate it.', example: 'NoSchedule' }, [
      'NoSchedule',
      'PreferNoSchedule',
      'NoExecute',
    ]),
  },
);

const disk = mapping(
  {
    description: 'A file system given to Longhorn on each node of the pool.',
    example: { path: '/var/lib/longhorn', size: '2000Gi' },
  },
  {
    path: text(
      {
        description: 'Where it is mounted on the node; better a file system of its own.',
        example: '/var/lib/longhorn',
      },
      {
        pattern: /^(?:\/\w[\w.-]*)+\/?$/,
        expected: 'an absolute path without spaces or "..", such as /var/lib/longhorn',
      },
    ).default('/var/lib/longhorn'),
    size: bytes({ description: 'Size of the file system (`df -h`).', example: '2000Gi' }),
    reserved: text(
      { description: 'Share of the disk that Longhorn leaves free.', example: '10%' },
      { pattern: /^(?:[1-9]?\d)%$/, expected: 'a share from 0% to 99%' },
    )
      .transform((share) => Number(share.slice(0, -1)))
      .default(10),
  },
);

const MIG = /^mig-([1-7])g\.(\d+)gb(?:\.me)?$/;

const sharing = variant(
  {
    description: 'How one card serves several jobs. Absent: a card serves one.',
    example: { strategy: 'timeSlicing', replicas: 4 },
  },
  'strategy',
  [
    z.strictObject({
      strategy: z.literal('mig'),
      layout: dictionary(
        {
          description:
            'Slices per node: MIG profile to how many of it (`kubectl get nodes -o json | jq .items[].status.allocatable`).',
          example: { 'mig-1g.5gb': 14 },
        },
        text(
          {
            description:
              'MIG profile: the resource that the device plugin offers without nvidia.com/ in front.',
            example: 'mig-1g.5gb',
          },
          { pattern: MIG, expected: 'a MIG profile, such as mig-1g.5gb' },
        ),
        wholeNumber({ description: 'How many a node offers.', example: 14 }, { min: 1, max: 128 }),
      ),
    }),
    z.strictObject({
      strategy: z.literal('timeSlicing'),
      replicas: wholeNumber(
        { description: 'Jobs that share one card, without any wall between them.', example: 4 },
        { min: 2, max: 48 },
      ),
    }),
  ],
);

const gpu = mapping(
  {
    description: 'The GPUs of each node of the pool; all of one model.',
    example: { product: 'Tesla-T4', perNode: 4 },
  },
  {
    product: labelValue({
      description:
        'Model, as the label nvidia.com/gpu.product says it (`kubectl get nodes -L nvidia.com/gpu.product`), with its ending: shared cards often have -SHARED.',
      example: 'Tesla-T4',
    }),
    perNode: wholeNumber(
      { description: 'Cards in each node (`nvidia-smi -L`).', example: 4 },
      { min: 1, max: 16 },
    ),
    sharing: sharing.optional(),
  },
);

const nodePool = mapping(
  {
    description: 'Nodes that are alike.',
    example: { name: 'cpu', count: 4, roles: ['user'], allocatable: { cpu: '63', memory: '248Gi' } },
  },
  {
    name: name({ description: 'Name of the pool; other parts of the file refer to it.', example: 'cpu' }),
    count: wholeNumber({ description: 'Nodes in the pool.', example: 4 }, { min: 1, max: 1000 }),
    labels: dictionary(
      {
        description:
          'Labels that all nodes of the pool have and others lack. Node provisioning sets them; default: analysis-facility/pool with the name of the pool.',
        example: { 'analysis-facility/pool': 'cpu' },
      },
      labelKey({ description: 'Label key.', example: 'analysis-facility/pool' }),
      labelValue({ description: 'Label value.', example: 'cpu' }),
    ).optional(),
    taints: list(
      {
        description: 'Taints of the nodes.',
        example: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
      },
      taint,
    ).default([]),
    allocatable: mapping(
      {
        description: 'What one node offers to pods (`kubectl describe node`, Allocatable).',
        example: { cpu: '63', memory: '248Gi' },
      },
      {
        cpu: cpu({ description: 'Cores.', example: '63' }),
        memory: bytes({ description: 'Memory.', example: '248Gi' }),
        'ephemeral-storage': bytes({ description: 'Scratch space of pods.', example: '400Gi' }).optional(),
        pods: wholeNumber({ description: 'Pods.', example: 110 }, { min: 1, max: 1000 }).default(110),
      },
    ),
    roles: list(
      { description: 'What the nodes are for. `storage`: a Longhorn disk is there.', example: ['user'] },
      oneOf({ description: 'A use of the nodes.', example: 'user' }, [
        'core',
        'storage',
        'user',
        'htcondor-execute',
        'spark',
      ]),
      1,
    ),
    longhornDisks: list(
      {
        description: 'Disks for Longhorn on each node; only with the role `storage`.',
        example: [{ path: '/var/lib/longhorn', size: '2000Gi' }],
      },
      disk,
    ).default([]),
    gpu: gpu.optional(),
  },
);

/** The declared inventory: capacity and placement are checked against it. */
export const nodePools = list(
  {
    description: 'The declared inventory of nodes: capacity and placement are checked against it.',
    example: [{ name: 'cpu', count: 4, roles: ['user'], allocatable: { cpu: '63', memory: '248Gi' } }],
  },
  nodePool,
  1,
);

export type NodePool = z.output<typeof nodePool>;
