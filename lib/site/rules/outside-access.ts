import type { Finding } from '../problem';
import type { SiteRule } from '../rule';

export const outsideAccess: SiteRule = {
  id: 'AF-HTC-02',
  why: 'Clients outside the cluster need both an address and an open port: one without the other serves nobody.',
  check({ site, htcondor }): Finding[] {
    if (!htcondor) return [];
    const { accessPoints, centralManager, external } = htcondor;
    const index = accessPoints.findIndex((point) => point.external);
    const open = index >= 0 ? `accessPoints[${String(index)}]` : 'centralManager';
    const isOpen = index >= 0 || centralManager.external !== undefined;
    const path = ['htcondor', 'external'];
    if (isOpen && !external) {
      const value = { hostName: `htc.${site.domain}`, address: '192.0.2.40' };
      const expected = `where clients find the pool, because ${open} has external`;
      return [{ path, expected, got: 'nothing', fix: { kind: 'add', path, value, example: true } }];
    }
    if (isOpen || !external) return [];
    const expected = 'external.port of an access point or of the central manager beside it';
    return [{ path, expected, got: 'an address at which no port is open', fix: { kind: 'remove', path } }];
  },
};
