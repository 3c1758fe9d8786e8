import { SCHEDULERS } from '../../jupyterhub/release';
import type { SiteRule } from '../rule';

export const userScheduler: SiteRule = {
  id: 'AF-JH-13',
  why: 'A scheduler must be of the version of its API server, and old versions are not kept by anybody.',
  check({ jupyterhub, cluster }) {
    const version = cluster.kubernetesVersion;
    if (jupyterhub?.userScheduler !== true || version in SCHEDULERS) return [];
    const path = ['jupyterhub', 'userScheduler'];
    const expected = `false on Kubernetes ${version}: there are schedulers for ${Object.keys(SCHEDULERS).join(', ')}`;
    return [{ path, expected, got: 'true', fix: { kind: 'set', path, value: false } }];
  },
};
