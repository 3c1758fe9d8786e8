import { nearest, sameLetters } from '../nearest';
import type { SiteRule } from '../rule';

/** Argo CD looks the name up in a folder, so its capitals matter; here they do not. */
function isTimeZone(timeZone: string): boolean {
  try {
    const { timeZone: found } = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions();
    const sameButCase = found !== timeZone && found.toLowerCase() === timeZone.toLowerCase();
    return !sameButCase && /^[A-Z]/.test(timeZone);
  } catch {
    return false;
  }
}

const city = (name: string) => name.split('/').at(-1) ?? name;

/** A typo in a name, or the name of a city alone; another city of the same continent is no typo. */
function meant(timeZone: string): string | undefined {
  const known = Intl.supportedValuesOf('timeZone');
  const near = nearest(timeZone, known);
  return near !== undefined && nearest(city(timeZone), [city(near)]) !== undefined
    ? near
    : known.find((name) => sameLetters(city(name), city(timeZone)));
}

export const timeZone: SiteRule = {
  id: 'AF-SITE-11',
  why: 'Argo CD ignores a maintenance window whose time zone it does not know, and syncs at any time.',
  check({ site }) {
    if (isTimeZone(site.timezone)) return [];
    const value = meant(site.timezone);
    const path = ['site', 'timezone'];
    const fix = { kind: 'set' as const, path, value: value ?? 'Europe/Rome', example: value === undefined };
    return [
      {
        path,
        expected: 'the IANA name of a time zone, such as Europe/Rome',
        got: JSON.stringify(site.timezone),
        fix,
      },
    ];
  },
};
