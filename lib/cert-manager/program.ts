import type { Resources } from '../kubernetes/resources';

/** What a site may choose for each of the three programs. */
export interface Workload {
  /** More than one is for availability only: a single leader works at a time, except in the webhook. */
  readonly replicas: number;
  readonly resources: Resources;
}

/** One of the three programs cert-manager consists of. */
export interface Program {
  readonly key: 'controller' | 'cainjector' | 'webhook';
  /** Name of all its objects, as upstream has it. */
  readonly name: string;
  readonly labels: Labels;
}

export type Labels = Readonly<
  Record<'app' | 'app.kubernetes.io/name' | 'app.kubernetes.io/component', string>
>;

export const CONTROLLER: Program = {
  key: 'controller',
  name: 'cert-manager',
  labels: labels('cert-manager', 'controller'),
};
export const CAINJECTOR: Program = {
  key: 'cainjector',
  name: 'cert-manager-cainjector',
  labels: labels('cainjector', 'cainjector'),
};
export const WEBHOOK: Program = {
  key: 'webhook',
  name: 'cert-manager-webhook',
  labels: labels('webhook', 'webhook'),
};
export const PROGRAMS = [CONTROLLER, CAINJECTOR, WEBHOOK] as const;

/** Secret in which the webhook keeps the CA it made for itself; the cainjector copies its certificate. */
export const WEBHOOK_CA_SECRET = `${WEBHOOK.name}-ca`;

export function labels(name: string, component: string): Labels {
  return { app: name, 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': component };
}

/** Selects the pods of a program. A Deployment's selector can never change, so it is upstream's. */
export function selector(program: Program): Record<string, string> {
  return {
    'app.kubernetes.io/name': program.labels['app.kubernetes.io/name'],
    'app.kubernetes.io/component': program.labels['app.kubernetes.io/component'],
  };
}
