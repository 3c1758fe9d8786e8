import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';

export const hostNames: SiteRule = {
  id: 'AF-NET-04',
  why: 'Host names below the domain of the site are what its DNS zone and its certificates are made for.',
  check({ site, htcondor, jupyterhub }) {
    const hosts: { host: string; path: Path }[] = [];
    const entrance = jupyterhub?.entrance;
    if (entrance?.kind === 'ingress')
      hosts.push({ host: entrance.host, path: ['jupyterhub', 'entrance', 'host'] });
    if (entrance?.kind === 'nodePort')
      hosts.push({ host: entrance.tlsFront.host, path: ['jupyterhub', 'entrance', 'tlsFront', 'host'] });
    if (htcondor?.external)
      hosts.push({ host: htcondor.external.hostName, path: ['htcondor', 'external', 'hostName'] });
    return hosts.flatMap(({ host, path }): Finding[] => {
      if (host === site.domain || host.endsWith(`.${site.domain}`)) return [];
      const value = `${host.split('.')[0] ?? 'hub'}.${site.domain}`;
      return [
        {
          path,
          expected: `a host name below site.domain, ${site.domain}`,
          got: host,
          fix: { kind: 'set', path, value },
        },
      ];
    });
  },
};
