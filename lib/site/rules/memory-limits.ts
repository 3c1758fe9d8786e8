import type { Finding, Path } from '../problem';
import type { SiteRule } from '../rule';

export const memoryLimits: SiteRule = {
  id: 'AF-CM-54',
  why: 'The API server refuses a container that asks for more memory than it may use.',
  check({ certificates, htcondor }) {
    const programs: { resources: Resources; path: Path }[] = [
      ...Object.entries(certificates?.certManager ?? {}).map(([program, { resources }]) => ({
        resources,
        path: ['certificates', 'certManager', program],
      })),
      ...(htcondor
        ? [{ resources: htcondor.centralManager.resources, path: ['htcondor', 'centralManager'] }]
        : []),
      ...(htcondor?.accessPoints ?? []).map(({ resources }, index) => ({
        resources,
        path: ['htcondor', 'accessPoints', index],
      })),
    ];
    return programs.flatMap(({ resources, path: at }): Finding[] => {
      const [asked, most] = [resources.requests.memory, resources.limits.memory];
      if (asked.bytes <= most.bytes) return [];
      const path = [...at, 'resources', 'limits'];
      const expected = `a memory limit of at least what is requested, ${asked.text}`;
      return [{ path, expected, got: most.text, fix: { kind: 'set', path, value: { memory: asked.text } } }];
    });
  },
};

interface Resources {
  readonly requests: { readonly memory: { readonly bytes: number; readonly text: string } };
  readonly limits: { readonly memory: { readonly bytes: number; readonly text: string } };
}
