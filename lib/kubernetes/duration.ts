import type { Parsed } from './quantity';

/** A length of time, whole seconds. */
export interface Duration {
  readonly seconds: number;
  /** As Go prints it and Kubernetes stores it, `2160h0m0s`: another spelling would look like a change to Argo CD. */
  readonly go: string;
}

const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 };
const EXPECTED = 'a duration in days, hours, minutes, seconds, such as 90d, 12h, 1h30m or 45s';

/** Reads `90d`, `12h`, `1h30m`, `45s`: each unit at most once, largest first. */
export function parseDuration(text: string): Parsed<Duration> {
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!match || text === '') {
    return { refusal: { expected: EXPECTED, ...meantBy(text) } };
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return { value: duration(days * SECONDS.d + hours * SECONDS.h + minutes * SECONDS.m + seconds) };
}

/** Days in units that are no unit here, because months and years are not of one length. */
const DAYS: Readonly<Record<string, number>> = { w: 7, mo: 30, y: 365 };

function meantBy(text: string): { readonly instead?: string } {
  const [, amount = '', unit = 'h'] = /^\s*(\d{1,6})\s*(mo|[wydhms])?/.exec(text.toLowerCase()) ?? [];
  if (Number(amount) === 0) return {};
  const days = DAYS[unit];
  return { instead: days === undefined ? `${amount}${unit}` : `${String(Number(amount) * days)}d` };
}

export function duration(seconds: number): Duration {
  const [h, m, s] = [
    Math.floor(seconds / SECONDS.h),
    Math.floor((seconds % SECONDS.h) / SECONDS.m),
    seconds % SECONDS.m,
  ];
  const go =
    h > 0
      ? `${String(h)}h${String(m)}m${String(s)}s`
      : m > 0
        ? `${String(m)}m${String(s)}s`
        : `${String(s)}s`;
  return { seconds, go };
}
