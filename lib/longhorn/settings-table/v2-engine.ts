import type { Setting } from './setting';
import { danger, flag, oneOf, perEngine, text, whole } from './setting';

const v2 = (setting: Setting) => perEngine(setting, 'v2');
const spdk = (setting: Setting) => danger(v2(setting));

const CPU_MASK = text(
  /^(0x0*[1-9a-fA-F][0-9a-fA-F]*|\d+(-\d+)?(,\d+(-\d+)?)*)$/,
  'cores as a mask such as 0x3, or as a list such as 0-1,4',
  '0x3',
);

/** Only for volumes of the v2 (SPDK) engine. */
export const V2_ENGINE = {
  'data-engine-hugepage-enabled': spdk(flag('true', 'Uses hugepages, which the nodes must have set aside.')),
  'data-engine-memory-size': spdk(
    whole(0, undefined, 'MiB')('2048', 'Memory of the SPDK daemon on each node.'),
  ),
  'data-engine-iobuf-large-pool-size': spdk(
    whole(
      1024,
      undefined,
      'buffers',
    )('1024', 'Large buffers (132 KiB each) of the SPDK daemon, out of its memory.'),
  ),
  'data-engine-iobuf-small-pool-size': spdk(
    whole(
      8192,
      undefined,
      'buffers',
    )('8192', 'Small buffers (8 KiB each) of the SPDK daemon, out of its memory.'),
  ),
  'data-engine-cpu-mask': spdk(
    CPU_MASK('0x3', 'Cores of the SPDK daemon; two or more, and all of them always busy.'),
  ),
  'data-engine-number-of-cpu-cores': spdk(
    whole(
      0,
      undefined,
      'cores',
    )('0', 'Cores of the SPDK daemon where the kubelet pins cores; 0 uses the mask.'),
  ),
  'data-engine-interrupt-mode-enabled': spdk(
    flag('false', 'Waits for interrupts instead of polling: fewer cores, slower.'),
  ),
  'data-engine-cpu-isolation-enabled': spdk(
    flag('false', 'Keeps interrupts of the host away from the cores of SPDK.'),
  ),
  'data-engine-log-level': v2(
    oneOf('Error', 'Warning', 'Notice', 'Info', 'Debug')('Notice', 'How much the SPDK daemon logs.'),
  ),
  'data-engine-log-flags': v2(
    text(
      /^$|^\w+(,\w+)*$/,
      'log flags of SPDK, separated by commas, or nothing',
      'nvmf',
    )('', 'Parts of the SPDK daemon that log in detail.'),
  ),
  'default-ublk-queue-depth': v2(
    whole(32, undefined, 'requests')('128', 'Depth of each queue of a ublk volume.'),
  ),
  'default-ublk-number-of-queue': v2(whole(1, undefined, 'queues')('1', 'Queues of a ublk volume.')),
};
