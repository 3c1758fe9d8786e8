import type { z } from 'zod';
import {
  address,
  cidr,
  hostName,
  line,
  list,
  mapping,
  name,
  oneOf,
  objectName,
  text,
  truth,
  wholeNumber,
  bytes,
  duration,
} from '../field';
import { accessPoint, nodePort, pool } from './access-point';
import { executePool } from './execute-pool';
import { resources } from './workload';

export { nodePort } from './access-point';

const centralManager = mapping(
  { description: 'Collector and negotiator.', example: { pool: 'core' } },
  {
    pool: pool('Where they run.', 'core'),
    resources: resources({ cpu: '250m', memory: '512Mi', memoryLimit: '2Gi' }),
    negotiatorInterval: duration(
      {
        description: 'Time between two rounds in which free slots are given to jobs.',
        example: '60s',
      },
      { min: '5s', max: '1h' },
    ).prefault('60s'),
    external: mapping(
      {
        description: 'Opens the collector to clients outside the cluster, for reading. Absent: it is closed.',
        example: { port: 30_618 },
      },
      { port: nodePort('Port of the collector.', 30_618) },
    ).optional(),
  },
);

const security = mapping(
  {
    description: 'How the daemons of the pool trust each other.',
    example: { daemons: { method: 'idtokens' } },
  },
  {
    daemons: mapping(
      { description: 'Daemons among each other.', example: { method: 'idtokens' } },
      {
        method: oneOf(
          {
            description:
              'idtokens: a token for each role. password: one password for all, only for a pool whose daemons elsewhere know no other; whoever has it can be any of them.',
            example: 'idtokens',
          },
          ['idtokens', 'password'],
        ).default('idtokens'),
      },
    ).prefault({}),
  },
).prefault({});

const external = mapping(
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
    issuer: name({
      description:
        'Issuer of the certificate that clients check, from certificates.issuers. Absent: the first CA of the site, or its first issuer.',
      example: 'pool-ca',
    }).optional(),
    serviceType: oneOf(
      {
        description:
          'NodePort: the ports are open on every node. LoadBalancer: also on addresses of a load balancer that the cluster has.',
        example: 'NodePort',
      },
      ['NodePort', 'LoadBalancer'],
    ).default('NodePort'),
    allowFrom: list(
      {
        description:
          'Networks of the clients. Absent: everywhere. With it only the nodes on which the daemon itself runs answer, because others hide the address of the client.',
        example: ['192.0.2.0/24'],
      },
      cidr({ description: 'A network in CIDR notation.', example: '192.0.2.0/24' }),
      1,
    ).optional(),
  },
);

const accounting = mapping(
  {
    description: 'Fair sharing: the shares of the experiments are their quotas.',
    example: { acceptSurplus: true },
  },
  {
    acceptSurplus: truth({
      description:
        'Whether an experiment may use what others leave free. With false its quota is a hard limit.',
      example: true,
    }).default(true),
    subgroups: list(
      {
        description: 'Parts of the quota of an experiment, which its jobs may name (accounting_group).',
        example: [{ experiment: 'cms', name: 'batch', share: 60 }],
      },
      mapping(
        { description: 'A subgroup.', example: { experiment: 'cms', name: 'batch', share: 60 } },
        {
          experiment: name({ description: 'Name of an experiment.', example: 'cms' }, 20),
          name: name({ description: 'Name of the subgroup: group_cms.batch.', example: 'batch' }, 20),
          share: wholeNumber(
            {
              description:
                'Part of the quota of the experiment, in percent. The rest is for jobs that name no subgroup.',
              example: 60,
            },
            { min: 1, max: 1000 },
          ),
        },
      ),
    ).default([]),
  },
).prefault({});

const jobs = mapping(
  {
    description: 'What jobs may use up and where they may go.',
    example: { maxWallTime: '3d' },
  },
  {
    maxWallTime: duration(
      { description: 'How long a job may run; a longer one is held, with the reason.', example: '3d' },
      { min: '1m', max: '365d' },
    ).prefault('3d'),
    maxScratch: bytes({
      description:
        'Scratch space that a job may fill; one that fills more is held. Absent: what the job has asked for.',
      example: '100Gi',
    }).optional(),
    egress: list(
      {
        description:
          'Places that jobs reach besides the pool: XRootD, S3, squid. 0.0.0.0/0 means public addresses.',
        example: [{ name: 'xrootd', cidrs: ['198.51.100.128/26'], ports: [1094] }],
      },
      mapping(
        {
          description: 'A place.',
          example: { name: 'xrootd', cidrs: ['198.51.100.128/26'], ports: [1094] },
        },
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
    cvmfs: mapping(
      {
        description:
          'Shows /cvmfs to jobs, through the CVMFS CSI driver of the cluster, which knows proxies and repositories. Absent: there is none.',
        example: { storageClass: 'cvmfs' },
      },
      {
        storageClass: objectName({
          description: 'Storage class of the driver cvmfs.csi.cern.ch (`kubectl get storageclasses`).',
          example: 'cvmfs',
        }),
      },
    ).optional(),
  },
).prefault({});

/** The HTCondor pool. */
export const htcondor = mapping(
  {
    description: 'The HTCondor pool. Absent: there is none.',
    example: {
      centralManager: { pool: 'core' },
      accessPoints: [{ name: 'ap1', pool: 'core', spool: { class: 'af-rwo', size: '50Gi' } }],
      executePools: [{ name: 'cpu', pool: 'cpu', scale: { min: 1, max: 10 } }],
    },
  },
  {
    poolName: text(
      {
        description: 'Name of the pool that tools show. Absent: displayName of the site.',
        example: 'PG1-AF',
      },
      {
        pattern: /^[\w(](?:[\w .,:()&-]*[\w)])?$/,
        expected: 'text of letters, digits, spaces and .,:()&-_',
        maxLength: 100,
      },
    ).optional(),
    trustDomain: hostName({
      description:
        'Domain of every identity in the pool: users are cms_<subject>@<domain>. Absent: domain of the site. A change ends the validity of all tokens and the ownership of all jobs.',
      example: 'af.pg.example.org',
    }).optional(),
    centralManager,
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
    security,
    external: external.optional(),
    accounting,
    jobs,
  },
);

export type HTCondor = z.output<typeof htcondor>;
