import { SLOT_ACCOUNTS } from '../../htcondor/release';
import { bytes, duration, list, mapping, name, text, wholeNumber } from '../field';
import { pool } from './access-point';

const gpus = mapping(
  {
    description: 'GPUs of a worker, for a pool of GPU nodes; it then takes only jobs that ask for one.',
    example: { resource: 'nvidia.com/mig-7g.40gb', count: 1 },
  },
  {
    resource: text(
      {
        description:
          'Resource that the nodes offer (`kubectl get nodes -o json | jq .items[].status.allocatable`): whole or shared cards, or a MIG profile.',
        example: 'nvidia.com/mig-7g.40gb',
      },
      {
        pattern: /^nvidia\.com\/(?:gpu|mig-[1-7]g\.\d+gb(?:\.me)?)$/,
        expected: 'nvidia.com/gpu or a MIG resource, such as nvidia.com/mig-7g.40gb',
      },
    ).default('nvidia.com/gpu'),
    count: wholeNumber(
      { description: 'How many each worker gets.', example: 1 },
      { min: 1, max: 16 },
    ).default(1),
  },
);

export const executePool = mapping(
  {
    description: 'A group of identical workers.',
    example: { name: 'cpu', pool: 'cpu', scale: { min: 1, max: 10 } },
  },
  {
    name: name({ description: 'Name of the group.', example: 'cpu' }),
    pool: pool('Where the workers run.', 'cpu'),
    image: name({
      description:
        'Image of the workers, from the catalogue, made from the execute image of HTCondor (docs/admin/htcondor.md). Absent: that image itself.',
      example: 'execute-dask',
    }).optional(),
    apptainer: mapping(
      {
        description:
          'Lets jobs run in containers, with the Apptainer of the image. Each node of the pool must have the seccomp profile (docs/admin/htcondor.md). Absent: jobs cannot, and the workers are as closed as all else.',
        example: { seccompProfile: 'profiles/apptainer.json' },
      },
      {
        seccompProfile: text(
          {
            description:
              'File of the profile on the nodes, below the seccomp folder of the kubelet (`ls /var/lib/kubelet/seccomp`).',
            example: 'profiles/apptainer.json',
          },
          {
            pattern: /^(?!\.)(?!.*(?:\/|\.)\.)[\w.-]+(?:\/[\w.-]+)*\.json$/,
            expected: 'a path below the seccomp folder of the kubelet that ends in .json',
            maxLength: 200,
          },
        ),
      },
    ).optional(),
    slot: mapping(
      {
        description: 'What one worker offers; it is cut to the size of each job.',
        example: { cpus: 8, memory: '30Gi', disk: '80Gi' },
      },
      {
        cpus: wholeNumber(
          { description: 'Cores; as many jobs run at a time at most.', example: 8 },
          { min: 1, max: SLOT_ACCOUNTS },
        ).default(4),
        memory: bytes({
          description: 'Memory for jobs. The pod gets 512Mi more for the daemons.',
          example: '30Gi',
        }).prefault('8Gi'),
        disk: bytes({
          description: 'Scratch space for jobs, on the disk of the node. The pod gets 1Gi more for logs.',
          example: '80Gi',
        }).prefault('20Gi'),
        gpus: gpus.optional(),
      },
    ).prefault({}),
    scale: mapping(
      { description: 'How many workers there are.', example: { min: 1, max: 10 } },
      {
        min: wholeNumber(
          { description: 'Workers that are always there.', example: 1 },
          { min: 0, max: 1000 },
        ),
        max: wholeNumber(
          {
            description:
              'Workers at most. Those above min come for idle jobs and leave by themselves, which takes autoscaling.keda.',
            example: 10,
          },
          { min: 1, max: 1000 },
        ),
        idleTimeout: duration(
          {
            description: 'How long a worker above min waits for a job before it leaves.',
            example: '10m',
          },
          { min: '30s', max: '1d' },
        ).prefault('10m'),
        drainTimeout: duration(
          {
            description:
              'How long a worker that must go waits for its jobs; then they start again elsewhere.',
            example: '24h',
          },
          { min: '1m', max: '30d' },
        ).prefault('24h'),
      },
    ),
    start: mapping(
      { description: 'Whose jobs are taken. Absent: everybody’s.', example: { experiments: ['cms'] } },
      {
        experiments: list(
          { description: 'Experiments whose jobs are taken.', example: ['cms'] },
          name({ description: 'Name of an experiment.', example: 'cms' }, 20),
          1,
        ),
      },
    ).optional(),
  },
);
