import { k8s } from 'cdk8s-plus-27';
import type { App } from './metadata';
import { APPS, namespaced } from './metadata';
import { PORTS } from './release';

/** The four services; the last two select labels that the manager puts on its own pods once it serves. */
export function services(): k8s.KubeServiceProps[] {
  return [
    service('longhorn-backend', APPS.manager, { app: APPS.manager }, ['manager', PORTS.manager, 'manager']),
    service('longhorn-frontend', APPS.ui, { app: APPS.ui }, ['http', PORTS.uiService, 'http']),
    service(APPS.admissionWebhook, APPS.admissionWebhook, WEBHOOK_PODS, [
      'admission-webhook',
      PORTS.admissionWebhook,
      'admission-wh',
    ]),
    service(APPS.recoveryBackend, APPS.recoveryBackend, RECOVERY_PODS, [
      'recovery-backend',
      PORTS.recoveryBackend,
      'recov-backend',
    ]),
  ];
}

/** Pods that answer the API server's admission requests. */
export const WEBHOOK_PODS = { 'longhorn.io/admission-webhook': APPS.admissionWebhook };

/** Pods that keep the locks of NFS clients over a failover. */
export const RECOVERY_PODS = { 'longhorn.io/recovery-backend': APPS.recoveryBackend };

function service(
  name: string,
  app: App,
  selector: Record<string, string>,
  [portName, port, target]: readonly [string, number, string],
): k8s.KubeServiceProps {
  return {
    metadata: namespaced(name, { app }),
    spec: {
      type: 'ClusterIP',
      selector: { ...selector },
      ports: [{ name: portName, port, protocol: 'TCP', targetPort: k8s.IntOrString.fromString(target) }],
    },
  };
}
