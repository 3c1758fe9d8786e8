import type { z } from 'zod';
import { list, mapping, name, text } from '../field';

/** Dask, whose scheduler is in a notebook. */
export const dask = mapping(
  {
    description: 'Dask for notebooks. Absent: users find no settings for it, and no port is open.',
    example: { overHTCondor: { executePools: ['cpu'] } },
  },
  {
    overHTCondor: mapping(
      {
        description:
          'Workers of Dask are jobs of the HTCondor pool: `HTCondorCluster()` of dask-jobqueue works in notebooks without any settings (docs/user/jobs-and-dask.md).',
        example: { executePools: ['cpu'] },
      },
      {
        executePools: list(
          {
            description:
              'Groups of htcondor.executePools in which they run. Each needs an `image` with Dask and the packages of the notebooks, in the same versions.',
            example: ['cpu'],
          },
          name({ description: 'Name of the group.', example: 'cpu' }),
          1,
        ),
        python: text(
          {
            description:
              'Python of that image which has Dask (`docker run --rm <image> sh -c "command -v python3"`).',
            example: '/opt/dask/bin/python3',
          },
          {
            pattern: /^[\w./-]+$/,
            expected: 'a program, such as /opt/dask/bin/python3',
            maxLength: 200,
          },
        ).default('python3'),
      },
    ),
  },
);

export type Dask = z.output<typeof dask>;
