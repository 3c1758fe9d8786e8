import type { KubernetesObject } from '../../lib/kubernetes/object';
import { labelsAt } from '../../lib/kubernetes/read';
import { documents, mustKubectl } from '../cluster/kubectl';
import { apply, applyAgain } from '../suite/apply';
import { remove } from '../suite/controllers';
import { podTemplate } from '../suite/pods';
import { rightsOfAccounts } from '../suite/rights';
import { secretsOfPods } from '../suite/secrets';
import type { Deployed } from '../suite/site';
import { find, renamed, set, webhookOf } from './variants';

/**
 * Rights, fields and references.
 *
 * @param toAll what every account may do on the cluster, once it runs
 */
export function faultsOfObjects({ objects }: Deployed, toAll: () => ReadonlySet<string>): void {
  const webhook = webhookOf(objects);

  test('a missing verb: the table says why it must be there', () => {
    const role = find(objects, 'Role', 'cert-manager-webhook:dynamic-serving');
    apply([set(role, ['rules'], (role['rules'] as unknown[]).slice(0, 1))]);
    expect(rightsOfAccounts(objects, toAll()).objections).toEqual([
      'cert-manager/cert-manager-webhook may not create secrets in cert-manager, and the table says why it must',
    ]);
    apply([role]);
  });

  test('a verb too many, and an account that nobody wrote down', () => {
    const role = find(objects, 'Role', 'cert-manager-webhook:dynamic-serving');
    const more = { apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] };
    apply([set(role, ['rules'], [...(role['rules'] as unknown[]), more])]);
    const unknown = renamed(find(objects, 'ServiceAccount', 'cert-manager-webhook'), 'e2e-unknown');
    expect(rightsOfAccounts([...objects, unknown], toAll()).objections).toEqual([
      'cert-manager/cert-manager-webhook may create pods/exec in cert-manager, and the table has no reason for it',
      'cert-manager/e2e-unknown is not in e2e/api/rights.yaml',
    ]);
    apply([role]);
  });

  test('a field that does not stay: a second apply changes it', () => {
    const map: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'e2e-contested', namespace: 'cert-manager' },
      data: { key: 'of dist' },
    };
    apply([map]);
    // A controller that holds another opinion.
    const other = ['--server-side', '--force-conflicts', '--field-manager=e2e-controller', '--filename=-'];
    mustKubectl(['apply', ...other], documents([set(map, ['data', 'key'], 'of a controller')]));
    expect(applyAgain([map]).objections).toEqual([
      'ConfigMap cert-manager/e2e-contested is changed by a second apply',
    ]);
    remove([map]);
  });

  test('a change of what cannot change: the API server names the field', () => {
    const labels = { ...labelsAt(webhook, 'spec', 'selector', 'matchLabels'), more: 'labels' };
    const wrong = set(
      set(webhook, ['spec', 'selector', 'matchLabels'], labels),
      ['spec', 'template', 'metadata', 'labels'],
      labels,
    );
    expect(apply([wrong]).objections).toEqual([expect.stringMatching(/spec\.selector.*field is immutable/)]);
  });

  test('a field that nobody knows: it is named', () => {
    const wrong = set(webhook, ['spec', 'template', 'spec', 'nodeSelektor'], { a: 'b' });
    expect(apply([wrong]).objections.join('\n')).toMatch(
      /nodeSelektor: field not declared in schema|unknown field.*nodeSelektor/,
    );
  });

  test('a missing Secret, and a missing key: pod and Secret are named', () => {
    const [container] = (podTemplate(webhook) as { spec: { containers: object[] } }).spec.containers;
    const reads = (secret: string, key: string) =>
      set(
        webhook,
        ['spec', 'template', 'spec', 'containers'],
        [{ ...container, env: [{ name: 'E2E', valueFrom: { secretKeyRef: { name: secret, key } } }] }],
      );
    const certificate = objects.find(({ kind }) => kind === 'Certificate');
    const written = (certificate?.['spec'] as { secretName: string }).secretName;
    expect(
      secretsOfPods([...objects, reads('nobody-makes-this', 'token'), reads(written, 'nokey')]).objections,
    ).toEqual([
      'Deployment cert-manager/cert-manager-webhook reads Secret cert-manager/nobody-makes-this, which nobody makes',
      `Deployment cert-manager/cert-manager-webhook reads key nokey of Secret cert-manager/${written}, which has tls.crt, tls.key, ca.crt`,
    ]);
  });
}
