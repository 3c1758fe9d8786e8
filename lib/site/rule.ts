import type { Finding } from './problem';
import type { Site } from './schema';

/** A rule between fields of one site. */
export interface SiteRule {
  /** Stable id, such as `AF-REF-01`. */
  readonly id: string;
  /** One sentence: what goes wrong without it. */
  readonly why: string;
  /** Parts of the file that the rule reads: it is left out while one of them has a mistake in a field. */
  readonly reads: readonly (keyof Site)[];
  readonly check: (site: Site) => Finding[];
}

/** Makes a rule that can read only what it says it reads. */
export function siteRule<K extends keyof Site>(rule: {
  readonly id: string;
  readonly why: string;
  readonly reads: readonly K[];
  readonly check: (site: Pick<Site, K>) => Finding[];
}): SiteRule {
  return rule;
}
