import type { Site } from './schema';

/** What a site may do and had better not: said by `check` and `synth`, and no reason to refuse it. */
export function warnings({ htcondor }: Pick<Site, 'htcondor'>): string[] {
  return htcondor?.security.daemons.method === 'password'
    ? [
        'htcondor.security.daemons.method is password: whoever gets the file of one worker can be any daemon of the pool. idtokens ends that, once no daemon elsewhere needs the password.',
      ]
    : [];
}
