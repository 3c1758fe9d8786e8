import fc from 'fast-check';
import { duration, parseDuration } from './duration';

test.each([
  ['90d', 7_776_000, '2160h0m0s'],
  ['12h', 43_200, '12h0m0s'],
  ['1h30m', 5_400, '1h30m0s'],
  ['45s', 45, '45s'],
  ['5m', 300, '5m0s'],
  ['0s', 0, '0s'],
])('%s is %d seconds, which Go writes as %s', (text, seconds, go) => {
  expect(parseDuration(text)).toEqual({ value: { seconds, go } });
});

test.each([
  ['10y', '3650d'],
  ['2 weeks', '14d'],
  ['1 month', '30d'],
  ['12 hours', '12h'],
  ['30', '30h'],
  ['5 min', '5m'],
])('%s is refused, and %s offered', (text, instead) => {
  expect(parseDuration(text)).toMatchObject({ refusal: { instead } });
});

test('units in another order, or twice, are refused', () => {
  for (const text of ['30m1h', '1h1h', '', 'h', '-1h', '1.5h'])
    expect(parseDuration(text)).toHaveProperty('refusal');
});

test('what Go writes means the same time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (seconds) => {
      expect(parseDuration(duration(seconds).go)).toEqual({ value: duration(seconds) });
    }),
    { seed: 1 },
  );
});

test('what is offered instead is taken', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^ ?\d{1,9} ?[a-zA-Z]{0,7}$/));
  fc.assert(
    fc.property(text, (given) => {
      const parsed = parseDuration(given);
      if ('refusal' in parsed && parsed.refusal.instead !== undefined)
        expect(parseDuration(parsed.refusal.instead)).toHaveProperty('value');
    }),
    { seed: 2, numRuns: 1000 },
  );
});
