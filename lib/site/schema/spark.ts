import type { z } from 'zod';
import { bytes, cidr, cpu, duration, line, list, mapping, name, wholeNumber } from '../field';

const LIMITS = { executors: 40, cores: '80', memory: '320Gi' };
const EXPERIMENT = { name: 'cms', limits: LIMITS };
const PLACE = { name: 'xrootd', cidrs: ['198.51.100.128/26'], ports: [1094] };

const executor = mapping(
  {
    description: 'Size of one executor, as its pod has it; a session may ask for another one.',
    example: { cores: 2, memory: '8Gi', disk: '20Gi' },
  },
  {
    cores: wholeNumber(
      { description: 'Cores; as many tasks run at a time.', example: 2 },
      { min: 1, max: 64 },
    ).default(1),
    memory: bytes(
      {
        description:
          'Memory of the pod: six tenths of it for Java, the rest for Python and what Java needs besides.',
        example: '8Gi',
      },
      { min: 1024 ** 3, max: 1024 ** 4 },
    ).prefault('4Gi'),
    disk: bytes({
      description: 'Scratch space for shuffles and spills, on the disk of the node.',
      example: '20Gi',
    }).prefault('10Gi'),
  },
);

const experiment = mapping(
  { description: 'An experiment whose members may use Spark.', example: EXPERIMENT },
  {
    name: name({ description: 'Name of the experiment.', example: 'cms' }, 20),
    limits: mapping(
      {
        description: 'What all executors of the experiment may have together, at a time.',
        example: LIMITS,
      },
      {
        executors: wholeNumber({ description: 'Executors.', example: 40 }, { min: 1, max: 5000 }),
        cores: cpu({ description: 'Cores.', example: '80' }, 100_000),
        memory: bytes({ description: 'Memory.', example: '320Gi' }),
      },
    ),
    egress: list(
      {
        description:
          'Places that executors reach besides the notebooks: XRootD, S3, squid. 0.0.0.0/0 means public addresses.',
        example: [PLACE],
      },
      mapping(
        { description: 'A place.', example: PLACE },
        {
          name: line({ description: 'What is there, for the reader.', example: 'xrootd' }),
          cidrs: list(
            { description: 'Networks where it is.', example: ['198.51.100.128/26'] },
            cidr({ description: 'A network in CIDR notation.', example: '198.51.100.128/26' }),
            1,
          ),
          ports: list(
            { description: 'TCP ports.', example: [1094] },
            wholeNumber({ description: 'A TCP port.', example: 1094 }, { min: 1, max: 65_535 }),
            1,
          ),
        },
      ),
    ).default([]),
  },
);

/** Spark from notebooks: the driver is in the notebook, executors are pods. */
export const spark = mapping(
  {
    description:
      'Spark from notebooks (4.1 or newer): the driver is in the notebook, executors are pods in a namespace of the experiment. Absent: there is none.',
    example: { image: 'spark', pools: ['cpu'], profiles: ['small'], experiments: [EXPERIMENT] },
  },
  {
    image: name({
      description:
        'Image of the executors, from the catalogue, made as Spark makes its own; with the minor versions of Spark and Python that the notebooks have (`python -c "import pyspark; print(pyspark.__version__)"`).',
      example: 'spark',
    }),
    pools: list(
      { description: 'Node pools on which executors run, with the role spark.', example: ['cpu'] },
      name({ description: 'Name of a node pool.', example: 'cpu' }),
      1,
    ),
    profiles: list(
      {
        description:
          'Profiles of notebooks in which users may choose Spark; their images need pyspark and Java.',
        example: ['small'],
      },
      name({ description: 'Slug of a profile.', example: 'small' }),
      1,
    ),
    executor: executor.prefault({}),
    maxAge: duration(
      {
        description:
          'Age at which an executor is ended in any case; a session that goes on starts another one. It bounds what a lost session can leave behind.',
        example: '1d',
      },
      { min: '1h', max: '30d' },
    ).prefault('1d'),
    experiments: list(
      { description: 'Experiments that have Spark; others do not see it.', example: [EXPERIMENT] },
      experiment,
      1,
    ),
  },
);

export type Spark = z.output<typeof spark>;
