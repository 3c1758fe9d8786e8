import { textAt } from '../../lib/kubernetes/read';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { applyDist, inPod, waitFor, type Proves } from '../cluster/suite';
import { readAll } from '../suite/objects';
import { OWN, probePod, waitReady, type Running } from './pods';

/** Volumes of the classes of dist, under the name of Longhorn's driver. */
export function proveVolumes(proves: Proves, { site, dist, network }: Running): void {
  proves(
    'a volume of every class binds, keeps its data when the pod goes to another node, and grows',
    async () => {
      await applyDist(site.site.name, ['storage']);
      const classes = dist.filter(({ kind }) => kind === 'StorageClass');
      expect(classes.length).toBeGreaterThan(1);
      const [first = '', second = ''] = network().nodes.map((node) => node.name);
      for (const { metadata } of classes) {
        applyObjects([claim(metadata.name, 'ReadWriteOnce'), user('writes', metadata.name, first)]);
        waitReady(OWN, `e2e/probe=writes-${metadata.name}`);
        expect(inPod(OWN, `writes-${metadata.name}`, 'probe', ['sh', '-c', 'date > /data/kept']).status).toBe(
          0,
        );
        mustKubectl(['delete', 'pod', `writes-${metadata.name}`, `--namespace=${OWN}`]);
        applyObjects([user('reads', metadata.name, second)]);
        waitReady(OWN, `e2e/probe=reads-${metadata.name}`);
        expect(inPod(OWN, `reads-${metadata.name}`, 'probe', ['cat', '/data/kept']).status).toBe(0);
        const larger = { spec: { resources: { requests: { storage: '2Gi' } } } };
        mustKubectl([
          ...['patch', 'pvc', metadata.name, `--namespace=${OWN}`, '--type=merge'],
          `--patch=${JSON.stringify(larger)}`,
        ]);
        mustKubectl([
          ...['wait', `pvc/${metadata.name}`, `--namespace=${OWN}`, '--timeout=60s'],
          '--for=jsonpath={.status.capacity.storage}=2Gi',
        ]);
      }
    },
  );

  proves('a volume that several nodes write to shows each what the others wrote', () => {
    const classes = site.storage?.longhorn.classes ?? [];
    // Every class of Longhorn can be shared; a site may mean one to be.
    const shared = classes.find(({ accessMode }) => accessMode === 'ReadWriteMany') ?? classes[0];
    const className = shared?.name ?? '';
    const writers = network().nodes.map((node) => node.name);
    applyObjects([
      claim(className, 'ReadWriteMany', 'shared'),
      ...writers.map((node, index) => user(`shares-${String(index)}`, 'shared', node)),
    ]);
    for (const [index, node] of writers.entries()) {
      waitReady(OWN, `e2e/probe=shares-${String(index)}-shared`);
      inPod(OWN, `shares-${String(index)}-shared`, 'probe', ['sh', '-c', `echo ${node} >> /data/all`]);
    }
    expect(inPod(OWN, 'shares-0-shared', 'probe', ['cat', '/data/all']).out.trim().split('\n')).toEqual(
      writers,
    );
  });

  proves('a volume that is to be kept outlives its claim, another does not', async () => {
    const classes = dist.filter(({ kind }) => kind === 'StorageClass');
    mustKubectl(['delete', 'pods,pvc', '--all', `--namespace=${OWN}`]);
    const kept = classes.flatMap((each) => (each['reclaimPolicy'] === 'Retain' ? [each.metadata.name] : []));
    const left = () => new Set(readAll('pv').map((pv) => textAt(pv, 'spec', 'storageClassName') ?? ''));
    await waitFor('volumes of classes that do not keep are gone', 60, () =>
      [...left()].filter((each) => !kept.includes(each)),
    );
    expect([...left()].sort()).toEqual([...kept].sort());
  });
}

function claim(storageClassName: string, mode: string, name = storageClassName): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { namespace: OWN, name },
    spec: { storageClassName, accessModes: [mode], resources: { requests: { storage: '1Gi' } } },
  };
}

/** A pod on a node that mounts a claim. */
function user(verb: string, claimName: string, node: string): object {
  return probePod({
    namespace: OWN,
    name: `${verb}-${claimName}`,
    node,
    spec: {
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
    container: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
  });
}
