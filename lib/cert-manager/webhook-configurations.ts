import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { WEBHOOK, WEBHOOK_CA_SECRET } from './program';
import { NAMESPACE, RELEASE } from './release';

/**
 * Tells the API server to ask cert-manager's webhook.
 *
 * Neither object states a `caBundle`: the cainjector writes it at run time, and even an empty one here
 * would make Argo CD wipe it, after which the API server refuses every certificate.
 *
 * @see https://cert-manager.io/docs/concepts/webhook/
 */
export class WebhookConfigurations extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const metadata = {
      name: WEBHOOK.name,
      labels: WEBHOOK.labels,
      annotations: { 'cert-manager.io/inject-ca-from-secret': `${NAMESPACE}/${WEBHOOK_CA_SECRET}` },
    };

    new k8s.KubeMutatingWebhookConfiguration(this, 'mutating', {
      metadata,
      webhooks: [
        {
          ...webhook('/mutate'),
          rules: [
            {
              apiGroups: ['cert-manager.io'],
              apiVersions: ['v1'],
              operations: ['CREATE'],
              resources: ['certificaterequests'],
            },
          ],
        },
      ],
    });

    new k8s.KubeValidatingWebhookConfiguration(this, 'validating', {
      metadata,
      webhooks: [
        {
          ...webhook('/validate'),
          namespaceSelector: {
            matchExpressions: [
              { key: 'cert-manager.io/disable-validation', operator: 'NotIn', values: ['true'] },
            ],
          },
          rules: [
            {
              apiGroups: ['cert-manager.io', 'acme.cert-manager.io'],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['*/*'],
            },
          ],
        },
      ],
    });
  }
}

function webhook(path: string) {
  return {
    name: 'webhook.cert-manager.io',
    admissionReviewVersions: ['v1'],
    matchPolicy: 'Equivalent',
    timeoutSeconds: 30,
    failurePolicy: 'Fail',
    sideEffects: 'None',
    clientConfig: {
      service: { name: WEBHOOK.name, namespace: NAMESPACE, path, port: RELEASE.ports.webhookService },
    },
  };
}
