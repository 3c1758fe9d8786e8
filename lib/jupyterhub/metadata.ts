import type { k8s } from 'cdk8s-plus-27';
import { NAMESPACE } from './release';

/** Labels by which upstream's Services and policies know its pods; KubeSpawner and its culler rely on them. */
export function labels(component: string): Record<string, string> {
  return {
    ...selector(component),
    'app.kubernetes.io/name': 'jupyterhub',
    'app.kubernetes.io/component': component,
  };
}

export function selector(component: string): Record<string, string> {
  return { app: 'jupyterhub', component };
}

export function metadata(
  name: string,
  component: string,
  annotations?: Readonly<Record<string, string>>,
): k8s.ObjectMeta {
  return {
    name,
    namespace: NAMESPACE,
    labels: labels(component),
    ...(annotations ? { annotations: { ...annotations } } : {}),
  };
}

/** Labels by which pods say whom they talk to. */
export const TALKS_TO = {
  hub: { 'hub.jupyter.org/network-access-hub': 'true' },
  proxyApi: { 'hub.jupyter.org/network-access-proxy-api': 'true' },
  proxy: { 'hub.jupyter.org/network-access-proxy-http': 'true' },
  notebooks: { 'hub.jupyter.org/network-access-singleuser': 'true' },
} as const;

/** Label that KubeSpawner puts on the pods of users, and finds them by. */
export const NOTEBOOKS = { component: 'singleuser-server' } as const;
