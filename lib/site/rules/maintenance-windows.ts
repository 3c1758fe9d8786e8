import type { SiteRule } from '../rule';

export const maintenanceWindows: SiteRule = {
  id: 'AF-SITE-12',
  why: 'A window that closes when it opens never lets a change through.',
  check({ site }) {
    return site.maintenanceWindows.flatMap((window, index) => {
      if (window.from !== window.to) return [];
      const path = ['site', 'maintenanceWindows', index, 'to'];
      const [hour, minute] = [Number(window.from.slice(0, 2)), window.from.slice(3)];
      const value = `${String((hour + 2) % 24).padStart(2, '0')}:${minute}`;
      return [
        {
          path,
          expected: `another time than from, ${JSON.stringify(window.from)}`,
          got: JSON.stringify(window.to),
          fix: { kind: 'set' as const, path, value, example: true },
        },
      ];
    });
  },
};
