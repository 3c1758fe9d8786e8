import { z } from 'zod';
import { described, type About } from '../field';

const NUMBER = (range: string) => `(?:\\*|${range}(?:-${range})?)(?:/[1-9]\\d?)?`;
const FIELD = (range: string) => `${NUMBER(range)}(?:,${NUMBER(range)})*`;
const CRON = new RegExp(
  `^${[FIELD('[0-5]?\\d'), FIELD('(?:2[0-3]|[01]?\\d)'), FIELD('(?:3[01]|[12]\\d|0?[1-9])'), FIELD('(?:1[0-2]|0?[1-9])'), FIELD('[0-6]')].join(' ')}$`,
);

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A time of cron as Longhorn's parser takes it: numbers only, 0 is Sunday, and no 7. */
export const cron = (about: About) => {
  const expected =
    'five fields of cron: minute, hour, day of month, month, day of week (0 is Sunday), such as "17 2 * * *"';
  const schema = z
    .string()
    .regex(CRON)
    .refine(ascends, { params: { expected: 'ranges of cron that go up, such as 6-20' } })
    .refine(comes, { params: { expected: 'a day of the month that one of the months has' } });
  return described(schema, about, expected);
};

function ascends(text: string): boolean {
  return [...text.matchAll(/(\d+)-(\d+)/g)].every(([, from, to]) => Number(from) <= Number(to));
}

/** Whether there is such a day: there is no 31 February, and a job on it never runs. */
function comes(text: string): boolean {
  const [, , day = '*', month = '*', weekday = '*'] = text.split(' ');
  if (!/^[\d,-]+$/.test(day) || !/^[\d,-]+$/.test(month) || weekday !== '*') return true;
  const first = Math.min(...(day.match(/\d+/g) ?? []).map(Number));
  const months = month.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return DAYS.slice(from - 1, to);
  });
  return months.some((days) => first <= days);
}
