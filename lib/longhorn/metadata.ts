import type { k8s } from 'cdk8s-plus-27';
import { NAMESPACE } from './release';

/** Values of the label `app`, by which Longhorn's services and policies find its pods. */
export const APPS = {
  manager: 'longhorn-manager',
  ui: 'longhorn-ui',
  csiPlugin: 'longhorn-csi-plugin',
  driverDeployer: 'longhorn-driver-deployer',
  admissionWebhook: 'longhorn-admission-webhook',
  recoveryBackend: 'longhorn-recovery-backend',
} as const;

export type App = (typeof APPS)[keyof typeof APPS];

/** What an object carries besides its name. */
export interface Marks {
  /** @default the object carries no label `app` */
  readonly app?: App;
  /** @default the object carries no annotations */
  readonly annotations?: Readonly<Record<string, string>>;
}

export function clusterScoped(name: string, marks: Marks = {}): k8s.ObjectMeta {
  return {
    name,
    labels: labels(marks.app),
    ...(marks.annotations ? { annotations: { ...marks.annotations } } : {}),
  };
}

export function namespaced(name: string, marks: Marks = {}): k8s.ObjectMeta {
  return { ...clusterScoped(name, marks), namespace: NAMESPACE };
}

export function labels(app?: App): Record<string, string> {
  return { 'app.kubernetes.io/name': 'longhorn', ...(app === undefined ? {} : { app }) };
}
