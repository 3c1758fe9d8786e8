import { address, bytes, hostName, list, mapping, name, VOLUME_BYTES, wholeNumber } from '../field';

export const nodePort = (description: string, example: number) =>
  wholeNumber(
    { description: `${description} A NodePort, open on every node.`, example },
    { min: 30_000, max: 32_767 },
  );

const pool = (description: string, example: string) =>
  name({ description: `${description} Name of a node pool.`, example });

const accessPoint = mapping(
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
    name: name({ description: 'Name of the access point.', example: 'ap1' }),
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
  },
);

const executePool = mapping(
  {
    description: 'A group of identical workers.',
    example: { name: 'cpu', pool: 'cpu', scale: { min: 1, max: 10 } },
  },
  {
    name: name({ description: 'Name of the group.', example: 'cpu' }),
    pool: pool('Where the workers run.', 'cpu'),
    scale: mapping(
      { description: 'How many workers there are.', example: { min: 1, max: 10 } },
      {
        min: wholeNumber(
          { description: 'Workers that are always there.', example: 1 },
          { min: 0, max: 1000 },
        ),
        max: wholeNumber({ description: 'Workers at most.', example: 10 }, { min: 1, max: 1000 }),
      },
    ),
  },
);

/** What the pool is planned on: its namespaces, volumes, ports and nodes. */
export const htcondor = mapping(
  {
    description:
      'Plan of the HTCondor pool: its namespaces are made, its nodes, volumes and ports are checked. The daemons come with the HTCondor component.',
    example: {
      centralManager: { pool: 'core' },
      accessPoints: [{ name: 'ap1', pool: 'core', spool: { class: 'af-rwo', size: '50Gi' } }],
      executePools: [{ name: 'cpu', pool: 'cpu', scale: { min: 1, max: 10 } }],
    },
  },
  {
    centralManager: mapping(
      { description: 'Collector and negotiator.', example: { pool: 'core' } },
      {
        pool: pool('Where they run.', 'core'),
        external: mapping(
          {
            description:
              'Opens the collector to clients outside the cluster, for reading. Absent: it is closed.',
            example: { port: 30_618 },
          },
          { port: nodePort('Port of the collector.', 30_618) },
        ).optional(),
      },
    ),
    accessPoints: list(
      {
        description: 'The access points.',
        example: [{ name: 'ap1', pool: 'core', spool: { class: 'af-rwo', size: '50Gi' } }],
      },
      accessPoint,
      1,
    ),
    executePools: list(
      {
        description: 'The groups of workers.',
        example: [{ name: 'cpu', pool: 'cpu', scale: { min: 1, max: 10 } }],
      },
      executePool,
      1,
    ),
    external: mapping(
      {
        description: 'Where clients outside the cluster find the pool.',
        example: { hostName: 'htc.af.pg.example.org', address: '192.0.2.40' },
      },
      {
        hostName: hostName({
          description: 'Host name under which the ports are reached.',
          example: 'htc.af.pg.example.org',
        }),
        address: address({ description: 'Routable address behind the host name.', example: '192.0.2.40' }),
      },
    ).optional(),
  },
);
