import { textAt } from '../../lib/kubernetes/read';
import { applyObjects, mustKubectl } from '../cluster/kubectl';
import { waitFor } from '../cluster/suite';
import { readAll } from '../suite/objects';
import { namespace, probePod, waitReady, type Running } from './pods';
import { FLOWS, policyCases, type PolicyCase } from './policy-cases';
import { insideOf, tryTargets, type Target } from './probe';

const none: PolicyCase = { says: '', policies: [], closed: [] };

/** The nodes' own enforcement of network policies, by cases from the specification of Kubernetes: every flow that is tried of dist relies on it. */
export function provePolicyEngine(running: Running): void {
  describe('the policy engine of real nodes', () => {
    const SPACES = { x: { team: 'x' }, y: { team: 'y' } };
    const pods = [
      { namespace: 'x', name: 'server' },
      { namespace: 'x', name: 'friend' },
      { namespace: 'x', name: 'stranger' },
      { namespace: 'y', name: 'friend' },
      { namespace: 'y', name: 'stranger' },
    ];
    const addresses: Record<string, string> = {};
    const insides: Record<string, string> = {};

    beforeAll(() => {
      const network = running.network();
      applyObjects(Object.entries(SPACES).map(([name, labels]) => namespace(name, labels)));
      applyObjects(
        pods.map((pod, index) =>
          probePod({
            ...pod,
            labels: { app: pod.name },
            // Peers on the same node and on others.
            node: network.nodes[index % 2]?.name ?? '',
            ports: pod.name === 'server' ? [{ name: 'web', containerPort: 8080 }] : [],
          }),
        ),
      );
      for (const space of Object.keys(SPACES)) waitReady(space, 'e2e/probe');
      for (const space of Object.keys(SPACES))
        for (const pod of readAll('pods', `--namespace=${space}`)) {
          const own = `${space}/${textAt(pod, 'metadata', 'name') ?? ''}`;
          addresses[own] = textAt(pod, 'status', 'podIP') ?? '';
          insides[own] = insideOf(pod, network);
        }
    });

    afterAll(() => {
      mustKubectl(['delete', 'namespace', ...Object.keys(SPACES)]);
    });

    async function closedFlows(): Promise<readonly string[]> {
      const bySource = new Map<string, string[]>();
      for (const flow of FLOWS) {
        const [from = ''] = flow.split(' > ');
        bySource.set(from, [...(bySource.get(from) ?? []), flow]);
      }
      const closed = await Promise.all(
        [...bySource].map(async ([from, flows]) => {
          const targets = flows.map((flow): Target => {
            const [, to = '', port = '', protocol] = /> (\S+):(\d+)(\/UDP)?$/.exec(flow) ?? [];
            return [addresses[to] ?? '', Number(port), protocol === undefined ? 'TCP' : 'UDP'];
          });
          const passes = await tryTargets(insides[from] ?? '', targets);
          return flows.filter((_, index) => passes[index] !== true);
        }),
      );
      return closed.flat().sort();
    }

    // The cases need addresses only when they run.
    test.each(policyCases({}).map(({ says }, index) => [says, index] as const))('%s', async (_, index) => {
      const [{ policies, closed } = none] = policyCases(addresses).slice(index);
      mustKubectl(['delete', 'networkpolicies', '--all', '--namespace=x']);
      applyObjects(policies);
      await waitFor('flows are as the specification has them', 20, async () => {
        const found = await closedFlows();
        return [
          ...found.filter((flow) => !closed.includes(flow)).map((flow) => `closed: ${flow}`),
          ...closed.filter((flow) => !found.includes(flow)).map((flow) => `open: ${flow}`),
        ];
      });
    });
  });
}
