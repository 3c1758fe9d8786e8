import type { Finding } from './problem';
import type { Site } from './schema';

/** A rule between fields of one site. */
export interface SiteRule {
  /** Stable id, such as `AF-REF-01`. */
  readonly id: string;
  /** One sentence: what goes wrong without it. */
  readonly why: string;
  readonly check: (site: Site) => Finding[];
}
