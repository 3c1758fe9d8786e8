import fc from 'fast-check';
import { cpu, parseBytes, parseCpu, sayBytes } from './quantity';

const bytesOf = (text: string) => {
  const parsed = parseBytes(text);
  return 'value' in parsed ? parsed.value.bytes : undefined;
};

test.each([
  ['30Gi', 30 * 1024 ** 3, '30Gi'],
  ['1024Mi', 1024 ** 3, '1Gi'],
  ['1.5Ti', 1.5 * 1024 ** 4, '1536Gi'],
  ['500M', 500_000_000, '500M'],
  ['2000M', 2_000_000_000, '2G'],
  ['0.5Ki', 512, '512'],
])('%s is %d bytes, which Kubernetes writes as %s', (text, bytes, canonical) => {
  expect(parseBytes(text)).toEqual({ value: { bytes, text: canonical } });
});

test.each([
  ['30GB', '30Gi'],
  ['8g', '8Gi'],
  ['512 mb', '512Mi'],
  ['1,5Ti', '1.5Ti'],
  ['248', '248Gi'],
  ['2TiB', '2Ti'],
])('%s is refused, and %s offered', (text, instead) => {
  expect(parseBytes(text)).toMatchObject({ refusal: { instead } });
});

test('nothing is offered where nothing was meant', () => {
  for (const text of ['', 'much', '-5Gi', '0GB'])
    expect(parseBytes(text)).not.toHaveProperty('refusal.instead');
  for (const text of ['', 'all', '-1', '0']) expect(parseCpu(text)).not.toHaveProperty('refusal.instead');
});

test('an amount that is no whole number of bytes, or too large to count, is refused', () => {
  for (const text of ['0.3Ki', '0Gi', '9Pi', '99999999999999999999Ti'])
    expect(parseBytes(text)).toHaveProperty('refusal');
});

test('what Kubernetes writes means the same amount', () => {
  const unit = fc.constantFrom('Ki', 'Mi', 'Gi', 'Ti', 'k', 'M', 'G', 'T');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8000 }), unit, (amount, suffix) => {
      const parsed = parseBytes(`${String(amount)}${suffix}`);
      if (!('value' in parsed)) throw new Error(`${String(amount)}${suffix} is refused`);
      const { bytes, text } = parsed.value;
      expect(/[a-z]$/i.test(text) ? bytesOf(text) : Number(text)).toBe(bytes);
    }),
    { seed: 1 },
  );
});

test('what is offered instead is taken', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^ ?\d{1,8}([.,]\d{1,3})? ?[a-zA-Z]{0,5}$/));
  fc.assert(
    fc.property(text, (given) => {
      const [bytes, cores] = [parseBytes(given), parseCpu(given)];
      if ('refusal' in bytes && bytes.refusal.instead !== undefined)
        expect(parseBytes(bytes.refusal.instead)).toHaveProperty('value');
      if ('refusal' in cores && cores.refusal.instead !== undefined)
        expect(parseCpu(cores.refusal.instead)).toHaveProperty('value');
    }),
    { seed: 2, numRuns: 1000 },
  );
});

test.each([
  ['2', 2000, '2'],
  ['0.5', 500, '500m'],
  ['1500m', 1500, '1500m'],
  ['1000m', 1000, '1'],
  ['0.001', 1, '1m'],
])('%s cores are %d thousandths, which Kubernetes writes as %s', (text, millicores, canonical) => {
  expect(parseCpu(text)).toEqual({ value: { millicores, text: canonical } });
});

test.each([
  ['63 cores', '63'],
  ['1,5', '1.5'],
  ['500 m', '500m'],
  ['250 millicores', '250m'],
])('%s is refused, and %s cores offered', (text, instead) => {
  expect(parseCpu(text)).toMatchObject({ refusal: { instead } });
});

test('cores as Kubernetes writes them mean the same cores', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (millicores) => {
      expect(parseCpu(cpu(millicores).text)).toEqual({ value: cpu(millicores) });
    }),
    { seed: 3 },
  );
});

test('bytes are said with one digit after the point at most', () => {
  expect([sayBytes(1536), sayBytes(25 * 1024 ** 3), sayBytes(1024 ** 6 * 3)]).toEqual([
    '1.5Ki',
    '25Gi',
    '3072Pi',
  ]);
});
