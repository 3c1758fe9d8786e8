import type { Finding } from '../problem';
import { siteRule } from '../rule';

export const memoryLimits = siteRule({
  id: 'AF-CM-54',
  why: 'The API server refuses a container that asks for more memory than it may use.',
  reads: ['certificates'],
  check: ({ certificates }) =>
    Object.entries(certificates?.certManager ?? {}).flatMap(([program, { resources }]): Finding[] => {
      const [asked, most] = [resources.requests.memory, resources.limits.memory];
      if (asked.bytes <= most.bytes) return [];
      const path = ['certificates', 'certManager', program, 'resources', 'limits'];
      const expected = `a memory limit of at least what is requested, ${asked.text}`;
      return [{ path, expected, got: most.text, fix: { kind: 'set', path, value: { memory: asked.text } } }];
    }),
});
