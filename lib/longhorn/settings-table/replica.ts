import { danger, flag, perEngine, whole } from './setting';

/** How replicas answer and are rebuilt. */
export const REPLICA = {
  'replica-replenishment-wait-interval': whole(
    0,
    undefined,
    'seconds',
  )('600', 'How long a failed replica is waited for, before all of its data is copied to a new place.'),
  'concurrent-replica-rebuild-per-node-limit': danger(
    whole(
      0,
      undefined,
      'replicas per node',
    )('5', 'Rebuilds at once; 0 stops rebuilding, eviction and data locality.'),
  ),
  'concurrent-backing-image-replenish-per-node-limit': danger(
    whole(
      0,
      undefined,
      'copies per node',
    )('5', 'Copies of backing images that are remade at once; 0 stops it.'),
  ),
  'replica-rebuild-concurrent-sync-limit': perEngine(
    whole(1, 5, 'replicas')('1', 'Healthy replicas from which one rebuild copies at the same time.'),
    'v1',
  ),
  'offline-replica-rebuilding': flag(
    'false',
    'Rebuilds missing copies also of volumes that nobody uses at the moment.',
  ),
  'fast-replica-rebuild-enabled': perEngine(
    flag('true', 'Copies only blocks that differ; needs snapshot-data-integrity enabled or fast-check.'),
    'v1',
    'v2',
  ),
  'replica-file-sync-http-client-timeout': whole(
    5,
    120,
    'seconds',
  )('30', 'How long one request of a rebuild may take.'),
  'long-grpc-timeout': whole(1, 604_800, 'seconds')('86400', 'How long a whole rebuild or clone may take.'),
  'engine-replica-timeout': perEngine(
    whole(
      8,
      30,
      'seconds',
    )('8', 'How long a replica may be silent before it counts as failed; twice that for the last.'),
    'v1',
    'v2',
  ),
  'replica-rebuilding-bandwidth-limit': perEngine(
    whole(0, undefined, 'MB/s')('0', 'Write rate of a rebuild; 0 sets no limit.'),
    'v2',
  ),
  'disable-snapshot-purge': danger(
    flag('false', 'Stops merging deleted snapshots: for a moment when disks are nearly full.'),
  ),
};
