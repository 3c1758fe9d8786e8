import { documents, mustKubectl } from '../cluster/kubectl';
import { remove } from '../suite/controllers';
import { say } from '../suite/look';
import { readAll } from '../suite/objects';
import { asksForGpus, pending, placement } from '../suite/placement';
import { workloads } from '../suite/pods';
import { makeSecrets } from '../suite/secrets';
import {
  conditionsOf,
  controllersFor,
  moved,
  NAMESPACE,
  notReady,
  operations,
  states,
  syncByHand,
} from './applications';
import { comesTrue, type ArgocdBench } from './bench';
import { gpuWorkloads } from './gpu-workloads';
import { distFile } from './repository';

/** One file brings up a site; every pod is at its place, and nothing moves from then on. */
export function arrivalCriteria(bench: ArgocdBench): void {
  const { names, settled } = bench;
  const objects = [...settled, ...bench.applications];
  const needed = bench.neededSecrets;

  test('one file brings up the whole site', async () => {
    mustKubectl([
      'apply',
      '--server-side',
      `--filename=${distFile(bench.name, 'argocd/application.root.yaml')}`,
    ]);
    const play = controllersFor(settled);
    let made = 0;
    await comesTrue(600, () => {
      if (bench.windowed.length > 0) syncByHand(bench.windowed);
      play();
      if (made < needed.length) made = makeSecrets(needed);
      return notReady(names);
    });
    say(
      `${bench.name}: ${String(names.length)} Applications are Synced and Healthy, with ${String(settled.length)} objects and ${String(needed.length)} Secrets that the site needs${bench.windowed.length > 0 ? '; outside of its windows an admin has synced by hand' : ''}`,
    );
  });

  test('every pod runs on a node of the pool that its workload declares', () => {
    const pods = readAll('pods', '--all-namespaces');
    const { looked, objections } = placement(objects, pods, readAll('nodes'));
    say(`${bench.name}: ${String(looked)} pods are placed as declared, of ${String(pods.length)}`);
    expect([...pending(pods), ...objections]).toEqual([]);
    expect(looked).toBeGreaterThan(5);
  });

  test('what asks for GPUs runs where there are some, and nothing else does', async () => {
    const nodes = readAll('nodes');
    const own = gpuWorkloads(nodes);
    const ofDist = workloads(objects).filter(({ template }) => asksForGpus(template));
    say(
      `${bench.name}: ${String(ofDist.length)} workloads of dist ask for GPUs; the suite adds ${String(own.length)} objects of its own in e2e-gpu`,
    );
    // A site without GPUs has nothing to keep apart, and nothing that asks.
    if (own.length === 0) {
      expect(ofDist).toEqual([]);
      return;
    }
    mustKubectl(['apply', '--server-side', '--filename=-'], documents(own));
    await comesTrue(60, () => pending(readAll('pods', '--all-namespaces')));
    const { looked, objections } = placement(
      [...objects, ...own],
      readAll('pods', '--all-namespaces'),
      nodes,
    );
    expect(objections).toEqual([]);
    expect(looked).toBeGreaterThan(nodes.length);
    remove(own);
  });

  test('nothing moves while git stays as it is', async () => {
    const [before, started] = [states(settled), operations()];
    expect(before.size).toBe(settled.length);
    await bench.threeLooks();
    expect(moved(before, states(settled))).toEqual([]);
    expect(operations()).toEqual(started);
  });

  test('the project default admits nothing but the root any more', async () => {
    const intruder = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'intruder', namespace: NAMESPACE },
      spec: {
        project: 'default',
        source: {
          ...bench.source,
          path: `dist/${bench.name}/longhorn`,
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'longhorn-system' },
      },
    };
    mustKubectl(['apply', '--filename=-'], JSON.stringify(intruder));
    await comesTrue(60, () => {
      const said = conditionsOf('intruder').map((condition) => String(condition['message']));
      return said.some((text) => text.includes('do not match any of the allowed destinations'))
        ? []
        : said.concat('no refusal');
    });
    mustKubectl(['delete', 'application', 'intruder', `--namespace=${NAMESPACE}`]);
  });
}
