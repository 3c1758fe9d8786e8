import type { KubernetesObject } from '../../lib/kubernetes/object';
import { at, listAt, type Fields } from '../../lib/kubernetes/read';
import { missingImages } from '../cluster/images/missing';
import { mustKubectl } from '../cluster/kubectl';
import { rolledOut, waitFor, type Proves } from '../cluster/suite';
import { apply } from '../suite/apply';
import { remove } from '../suite/controllers';
import { ANOTHER_NODE, API_MACHINE, otherNamespaces } from './declared-flows';
import { tryFlows, undeclared } from './platform-flows';
import type { Running } from './pods';

/**
 * The suite's own assertions, on its own cluster with one mistake at a time: they must find it, and say what it is. Each
 * mistake is taken back, which is seen as well.
 */
export function plantFaults(proves: Proves, { site, dist, network }: Running): void {
  const find = (kind: string, name: string): KubernetesObject => {
    const found = dist.find((object) => object.kind === kind && object.metadata.name === name);
    if (!found) throw new Error(`${kind} ${name} is not in dist`);
    return found;
  };

  /** Flows to a place that differ from the declared ones while a policy of dist has other rules for ingress. */
  const flowsWith = async (name: string, place: string, ingress: readonly unknown[]): Promise<string[]> => {
    const right = find('NetworkPolicy', name);
    const spec = right['spec'] as Fields;
    const look = async () => [...new Set(undeclared(await tryFlows(site, network(), place)))].sort();
    expect(await look()).toEqual([]);
    try {
      expect(apply([{ ...right, spec: { ...spec, ingress } }]).objections).toEqual([]);
      await waitFor('the policy has other rules', 30, async () =>
        (await look()).length > 0 ? [] : ['not yet'],
      );
      return await look();
    } finally {
      apply([right]);
      await waitFor('the policy has its own rules again', 30, look);
    }
  };

  proves('a blocked flow is found: who does not get through, and where to', async () => {
    const rules = listAt(find('NetworkPolicy', 'cert-manager-webhook'), 'spec', 'ingress');
    const callers = [...Object.keys(otherNamespaces(site)), ANOTHER_NODE, API_MACHINE];
    expect(await flowsWith('cert-manager-webhook', 'webhook', rules.slice(1))).toEqual(
      callers.map((from) => `${from} > webhook:10250 is dropped`).sort(),
    );
  });

  proves('an open policy is found: who gets through, and where to', async () => {
    const found = await flowsWith('longhorn-manager', 'manager', [{}]);
    expect(found).toEqual(
      expect.arrayContaining(
        ['stranger', ANOTHER_NODE, 'instance'].map((from) => `${from} > manager:9500 passes`),
      ),
    );
    expect(found.filter((line) => !/ > manager:\d+ passes$/.test(line))).toEqual([]);
  });

  /** The Deployment of a program under a name of its own, its container changed. */
  const changed = (name: string, change: object): KubernetesObject => {
    const right = find('Deployment', 'cert-manager-cainjector');
    const [container] = listAt(right, 'spec', 'template', 'spec', 'containers');
    const labels = { app: name };
    return {
      ...right,
      metadata: { name, namespace: right.metadata.namespace ?? '' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            ...(at(right, 'spec', 'template', 'spec') as Fields),
            containers: [{ ...container, ...change }],
          },
        },
      },
    };
  };
  const whyNotReady = (wrong: KubernetesObject, seconds: number): string => {
    expect(apply([wrong]).objections).toEqual([]);
    try {
      rolledOut('cert-manager', `deployment/${wrong.metadata.name}`, seconds);
      return 'it is ready';
    } catch (error) {
      return String(error);
    } finally {
      remove([wrong]);
      mustKubectl([
        ...['wait', 'pod', '--namespace=cert-manager', `--selector=app=${wrong.metadata.name}`],
        ...['--for=delete', '--timeout=60s'],
      ]);
    }
  };

  proves('a wrong name of an image is found, before it is applied and by the node', () => {
    const image = 'quay.io/jetstack/cert-manager-cainjector:v1.21.99';
    const wrong = changed('e2e-wrong-image', { image });
    expect(missingImages([...dist, wrong])).toEqual([image]);
    expect(whyNotReady(wrong, 20)).toMatch(new RegExp(`Pod cert-manager/e2e-wrong-image-.*${image}`));
  });

  proves('a missing Secret is found by the node', () => {
    const secretKeyRef = { name: 'nobody-makes-this', key: 'token' };
    const wrong = changed('e2e-no-secret', { env: [{ name: 'TOKEN', valueFrom: { secretKeyRef } }] });
    expect(whyNotReady(wrong, 20)).toMatch(
      /Pod cert-manager\/e2e-no-secret-.*secret "nobody-makes-this" not found/,
    );
  });
}
