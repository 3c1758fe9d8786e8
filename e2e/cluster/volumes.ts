import { existsSync } from 'node:fs';
import path from 'node:path';
import { KUBECONFIG, runFolder } from './cache';
import { applyObjects, kubectl } from './kubectl';
import type { NodeNetwork } from './network';
import { start, until } from './processes';
import { nodeFolder } from './real-node';

/** The driver that the storage classes of dist ask for. */
const DRIVER = 'driver.longhorn.io';

/**
 * Dynamic volumes under Longhorn's name: a driver of ours whose volumes are folders, with upstream's provisioner and
 * resizer beside it.
 */
export async function startVolumes(nodes: readonly NodeNetwork[]): Promise<void> {
  applyObjects([
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: DRIVER },
      spec: {
        attachRequired: false,
        podInfoOnMount: true,
        fsGroupPolicy: 'File',
        volumeLifecycleModes: ['Persistent'],
      },
    },
  ]);
  const kubelets = nodes.flatMap((node) => ['-kubelet', `${node.name}=${nodeFolder(node, 'k')}`]);
  start('csi-folder', ['-name', DRIVER, '-data', runFolder('volumes'), ...kubelets]);
  const [first] = nodes;
  if (!first) return;
  const socket = path.join(nodeFolder(first, 'k'), 'plugins', DRIVER, 'csi.sock');
  await until('the volume driver answers', 'csi-folder', 30, () => existsSync(socket));
  const common = ['--kubeconfig', KUBECONFIG, '--leader-election=false', '--csi-address', socket, '--v=4'];
  start('csi-provisioner', [...common, '--default-fstype', 'ext4', '--volume-name-prefix', 'pvc']);
  start('csi-resizer', common);
  await until('every node has the volume driver', 'csi-folder', 60, () =>
    nodes.every(({ name }) =>
      kubectl(['get', 'csinode', name, '--output=jsonpath={.spec.drivers[*].name}']).out.includes(DRIVER),
    ),
  );
}
