import { fullyDivided } from './rules/plain-groups';
import type { Site } from './schema';

/** What a site may do and had better not: said by `check` and `synth`, and no reason to refuse it. */
export function warnings({ htcondor, autoscaling }: Pick<Site, 'htcondor' | 'autoscaling'>): string[] {
  if (!htcondor) return [];
  return [
    ...(htcondor.security.daemons.method === 'password'
      ? [
          'htcondor.security.daemons.method is password: whoever gets the file of one worker can be any daemon of the pool. idtokens ends that, once no daemon elsewhere needs the password.',
        ]
      : []),
    ...htcondor.executePools.flatMap(({ name, scale: { min, max } }) =>
      autoscaling || max <= min
        ? []
        : [
            `htcondor.executePools ${name} stays at ${String(min)} ${min === 1 ? 'worker' : 'workers'}, its scale.min: without autoscaling.keda nothing starts more, up to ${String(max)}. docs/admin/scaling.md says how.`,
          ],
    ),
    ...fullyDivided(htcondor).map(
      (experiment) =>
        `htcondor.accounting.subgroups of ${experiment} have 100 percent of its quota: a job of ${experiment} that names none of them starts only on what is free. Less than 100 leaves such jobs the rest.`,
    ),
  ];
}
