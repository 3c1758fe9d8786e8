import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';

export const nodePorts: SiteRule = {
  id: 'AF-NET-02',
  why: 'A NodePort is open on every node: the API server refuses the second Service that asks for it.',
  check({ htcondor, jupyterhub }) {
    const ports: { port: number; path: Path; what: string }[] = [];
    const collector = htcondor?.centralManager.external;
    if (collector)
      ports.push({
        port: collector.port,
        path: ['htcondor', 'centralManager', 'external', 'port'],
        what: 'the collector',
      });
    htcondor?.accessPoints.forEach(({ name, external }, index) => {
      if (external)
        ports.push({
          port: external.port,
          path: ['htcondor', 'accessPoints', index, 'external', 'port'],
          what: `access point ${name}`,
        });
    });
    const entrance = jupyterhub?.entrance;
    if (entrance?.kind === 'nodePort')
      ports.push({ port: entrance.port, path: ['jupyterhub', 'entrance', 'port'], what: 'the hub' });

    const taken = new Set(ports.map(({ port }) => port));
    return ports.flatMap(({ port, path }, index): Finding[] => {
      const other = ports.slice(0, index).find((earlier) => earlier.port === port);
      if (!other) return [];
      let value = port;
      while (taken.has(value)) value = value === 32_767 ? 30_000 : value + 1;
      return [
        {
          path,
          expected: `a port of its own; ${other.what} has this one`,
          got: String(port),
          fix: { kind: 'set', path, value },
        },
      ];
    });
  },
};
